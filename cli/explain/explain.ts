import type { ExitCode, Session } from '../session.ts';
export async function explain(_s: Session, _o: object, ..._a: (string | undefined)[]): Promise<ExitCode> {
  return 1;
}
