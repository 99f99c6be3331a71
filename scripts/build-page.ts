import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const folder = join(import.meta.dirname, '../cli/page');
const SCRIPT = join(folder, 'script.min.js');

/** The script of pages and its chart library as one classic script; a bundler in a replay would take more memory than that. */
export async function bundledScript(): Promise<string> {
  const bundle = await rolldown({ input: join(folder, 'browser/main.ts'), platform: 'browser', logLevel: 'warn' });
  try {
    const { output } = await bundle.generate({ format: 'iife', minify: true, codeSplitting: false });
    // in a text of a script, both mean the same without being a tag or a comment
    return output[0].code
      .replaceAll(/<\/(?=script)/gi, '<\\/')
      .replaceAll('<!--', '\\x3c!--')
      .trim();
  } finally {
    await bundle.close();
  }
}

if (import.meta.main) {
  const script = await bundledScript();
  await writeFile(SCRIPT, script);
  console.log(`written ${SCRIPT}, ${script.length} characters`);
}
