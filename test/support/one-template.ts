import type * as synth from '../../infra/synth.ts';

/** The module `infra/synth.ts` with a memory: a template takes seconds, and a test's configs are few. For `vi.mock`. */
export function withOneTemplate(real: typeof synth): typeof synth {
  const made = new Map<string, ReturnType<typeof real.templateOf>>();
  return {
    ...real,
    templateOf(config, functions) {
      const key = JSON.stringify(config);
      const template = made.get(key) ?? real.templateOf(config, functions);
      made.set(key, template);
      return template;
    },
  };
}
