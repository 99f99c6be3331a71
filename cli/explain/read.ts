import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { Failure, trying } from '../failure.ts';
import { isTooDeep, objectsIn, type Read, readObject } from '../replay/events.ts';
import { INPUT } from '../replay/replay.ts';

/** No event is longer, in bytes; EventBridge's have at most 1 MB. */
const LONGEST = 16 * 2 ** 20;

/** The first event of a file, and how many objects it holds; throws `Failure` for a file without any. */
export async function firstEvent(file: string): Promise<{ readonly read: Read; readonly count: number }> {
  const text = await trying(`read ${file}`, async () =>
    (await buffer(file === INPUT ? process.stdin : createReadStream(file, { end: LONGEST }))).toString('utf8'),
  );
  // what walks an object would have no end; a record may stand in a list, too
  if (isTooDeep(`{"":${text}}`)) throw new Failure(`${file} is nested deeper than any record.`, { next: 'Give one record, or one event.' });
  const objects = objectsIn(parsed(text.replace(/^\ufeff/, ''), file), true);
  const [first] = objects;
  const read = first === undefined ? ({ is: 'other' } as const) : readObject(first);
  if (read.is === 'other')
    throw new Failure(`${file} holds neither a CloudTrail record nor an event of EventBridge.`, {
      next: 'A record has eventName, eventSource and eventTime; an event has source, detail-type and detail.',
    });
  return { read, count: objects.length };
}

/** JSON, or the first of several lines of it. */
function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(text.trimStart().split('\n', 1)[0] ?? '');
    } catch {
      // the parser's own error quotes the text
      throw new Failure(`${file} is not JSON, or is longer than ${LONGEST / 2 ** 20} MB.`, {
        next: 'An archive is read by `redress replay`.',
      });
    }
  }
}
