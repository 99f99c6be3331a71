/** What the endpoint tells of, and what it can be asked to do. */
interface Local {
  findings(): unknown;
  announcements(): unknown;
  calls(): unknown;
  invocations(): unknown;
  records(): unknown;
  readonly stack: { readonly outputs: unknown; readonly schedules: readonly unknown[] };
  sweep(): Promise<void>;
  deployed(): Promise<void>;
}

/** Answers what the endpoint tells of itself; undefined where there is no such thing. */
export async function answerLocally(cloud: Local, method: string, url: URL): Promise<unknown> {
  switch (`${method} ${url.pathname}`) {
    case 'GET /_local/findings':
      return url.searchParams.has('all') ? cloud.announcements() : cloud.findings();
    case 'GET /_local/calls':
      return cloud.calls();
    case 'GET /_local/invocations':
      return cloud.invocations();
    case 'GET /_local/records':
      return cloud.records();
    case 'GET /_local/stack':
      return cloud.stack.outputs;
    case 'POST /_local/sweep':
      await cloud.sweep();
      return { sent: cloud.stack.schedules.length };
    case 'POST /_local/deployed':
      await cloud.deployed();
      return { sent: 1 };
    default:
      return undefined;
  }
}
