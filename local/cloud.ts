import { SLACK_FUNCTION } from '#shared/finding/names.ts';
import { accountsOf, type LocalAccount } from './accounts.ts';
import { makeFirstTrail } from './emulator/gaps/trails.ts';
import { startMoto } from './emulator/moto.ts';
import { MotoClient } from './emulator/moto-client.ts';
import { PlayedOrganization } from './emulator/organization.ts';
import { type CallCount, type OnCall, startProxy } from './emulator/proxy.ts';
import { type DeployedStack, deployStack } from './emulator/stack.ts';
import { warmUp } from './emulator/warm-up.ts';
import { collectFindings, type LocalFinding } from './findings.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import { answerLocally } from './local-api.ts';
import { LocalCloudError } from './local-cloud-error.ts';
import type { LocalCloudOptions } from './options.ts';
import { FirstQueues } from './runtime/first-queues.ts';
import { failedAnswer, urlAnswer, urlEvent } from './runtime/function-url.ts';
import { type Queued, queued } from './runtime/queued.ts';
import { startRunner } from './runtime/runner.ts';
import { Senders } from './runtime/senders.ts';
import { Telemetry } from './runtime/telemetry.ts';
import { openSlack, secretOf } from './slack/open.ts';
import { SLACK_PATH } from './slack/page.ts';
import { answerSlack } from './slack/routes.ts';
import { SlackSink } from './slack/sink.ts';
import { synthesise } from './synthesise.ts';
import { Callers, userCredentials } from './trail/callers.ts';
import { deploymentOf, type LocalEvent, putEvent } from './trail/event.ts';
import { account } from './trail/identity.ts';
import type { TrailRecord } from './trail/record.ts';

/** Where the stack is, unless an organization says otherwise. */
const REGION = 'us-east-1';

/** A running local cloud. */
export interface LocalCloud {
  /** What `AWS_ENDPOINT_URL` is to be. */
  readonly endpoint: string;
  /** moto itself, past records and refusals: for seeding what a user could not make. */
  readonly motoEndpoint: string;
  readonly region: string;
  readonly account: string;
  /** The accounts of the organization, the hub first; without an organization only that one. */
  readonly accounts: readonly LocalAccount[];
  /** The config that was made for an organization that is played. */
  readonly configFile: string | undefined;
  /** The environment that makes any AWS client a user of this cloud. */
  readonly env: { readonly [name: string]: string };
  readonly stack: DeployedStack;
  /** What stands for Slack. */
  readonly slack: SlackSink;
  /** The latest state of each finding. */
  findings(): LocalFinding[];
  /** Every announcement of every finding, oldest first. */
  announcements(): LocalFinding[];
  calls(): CallCount[];
  /** Every CloudTrail record, reads included, oldest first. */
  records(): TrailRecord[];
  invocations(): { [functionName: string]: number };
  /** Counts the messages on the queues of all functions and of the announcements; dead letters do not count. */
  queued(): Promise<Queued>;
  /** Sends the event of every schedule of the stack. */
  sweep(): Promise<void>;
  /** Sends the event that CloudFormation sends when the stack is complete. */
  deployed(): Promise<void>;
  /** Sends an event that no call here makes, such as a sign-in or a service's notice; in the stack's own account and Region by default. */
  send(event: LocalEvent, place?: { readonly account: string; readonly region: string }): Promise<void>;
  /** Makes an account in an OU of the organization, by default its first; StackSets deploy to it then. */
  join(ou?: string): Promise<LocalAccount | undefined>;
  /** Takes an account of an OU out of the organization, and has StackSets delete their stacks there. */
  leave(account: string): Promise<void>;
  /** Watches calls from now on, in place of the hook that was there. */
  onCall(hook: OnCall | undefined): void;
  stop(): Promise<void>;
}

/** Starts moto, the stack in it, its functions and the endpoint; throws `LocalCloudError`. */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const region = options.organization?.regions[0] ?? REGION;
  const onProgress = options.onProgress ?? (() => undefined);
  const onTrouble = options.onTrouble ?? (() => undefined);
  const parts: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    // Emptied first, so that what ends from now on is no trouble.
    for (const part of parts.splice(0).reverse()) await part.stop();
  };
  try {
    return await start();
  } catch (cause) {
    await stop();
    throw cause;
  }

  async function start(): Promise<LocalCloud> {
    let hook = options.onCall;
    let slackAnswer = async (_request: HttpRequest): Promise<HttpAnswer | undefined> => undefined;
    const counts: { [functionName: string]: number } = {};
    const callers = new Callers(options.users);
    const senders = new Senders();
    const firstQueues = new FirstQueues();
    const telemetry = new Telemetry();
    const disabled = new Set<string>();
    let made: DeployedStack | undefined;
    let played: PlayedOrganization | undefined;
    const slack = new SlackSink({ onPost: options.onSlack });
    const moto = new MotoClient();
    const whole = Promise.withResolvers<LocalCloud>();
    whole.promise.catch(() => undefined);

    // The port comes first: nobody should wait for a bundle to hear that it is taken.
    const proxy = await startProxy({
      moto,
      callers,
      senders,
      firstQueues,
      telemetry,
      disabled,
      stackOf: () => made ?? { resources: [], mappings: [] },
      organizationOf: () => played,
      port: options.port ?? 0,
      listLag: options.listLag,
      ready: whole.promise.then(() => undefined),
      onCall: (call) => hook?.(call),
      onTrouble,
      slack: (request) => slackAnswer(request),
      local: async (method, url, body) => answerLocally(await whole.promise, method, url, body),
    });
    parts.push(proxy);

    onProgress('Starting moto, the AWS emulator');
    const synthesising =
      options.template === undefined
        ? synthesise(options.configFile, parts, options.organization)
        : Promise.resolve({ templateFile: options.template, configFile: undefined });
    synthesising.catch(() => undefined);
    const server = await startMoto({ onProgress, onLog: options.onMotoLog });
    parts.push(server);
    void server.exited.then(() => {
      if (parts.length > 0) onTrouble('moto has ended, and nothing works without it: start again');
    });
    moto.endpoint = server.endpoint;
    const [synthesised] = await Promise.all([synthesising, warmUp(moto, account, region), makeFirstTrail(moto, region)]);

    onProgress('Making the stack');
    const stack = await deployStack(synthesised.templateFile, server.endpoint, proxy.endpoint, account, region);
    made = stack;
    if (stack.resources.some(({ type }) => type === 'AWS::Events::EventBusPolicy')) onProgress('Making the members');
    const hub = { account, region };
    const hasStackSets = options.organization?.stackSets === true;
    const organization = await PlayedOrganization.of({ stack, moto, hub, hasStackSets, onTrouble });
    played = hasStackSets ? organization : undefined;
    // who is there shall be known to callers before anybody calls
    accountsOf(organization, callers);
    await openSlack(slack, stack, moto, region);
    const slackBase = `${proxy.endpoint}${SLACK_PATH}`;
    const findings = await collectFindings(moto, stack.outputs['BusName'] ?? 'redress', account, region, (finding) =>
      options.onFinding?.(finding),
    );
    parts.push(findings);
    const runner = startRunner({
      stack,
      moto,
      endpoint: proxy.endpoint,
      region,
      callers,
      senders,
      firstQueues,
      telemetry,
      disabled,
      concurrency: options.concurrency,
      mostPerBatch: options.mostPerBatch,
      slack: slackBase,
      onInvocation: (name) => {
        counts[name] = (counts[name] ?? 0) + 1;
        telemetry.invoked(name);
      },
      onReturned: (ids, why) => options.onReturned?.(ids, why),
      onLog(name, line) {
        telemetry.logged(name, line);
        options.onLog?.(name, line);
      },
      onTrouble,
    });
    parts.push(runner);
    const call = async (request: HttpRequest): Promise<HttpAnswer | undefined> => {
      const outcome = await runner.invoke(SLACK_FUNCTION, urlEvent(request, account));
      if (outcome && outcome.is !== 'result') onTrouble(`${SLACK_FUNCTION}: ${outcome.says}`);
      return outcome && (outcome.is === 'result' ? urlAnswer(outcome.result) : failedAnswer);
    };
    const readSecret = (name: string) => secretOf(name, moto, region);
    slackAnswer = (request) => answerSlack(request, { sink: slack, base: slackBase, secretOf: readSecret, call });

    const send: LocalCloud['send'] = (event, place = { account, region }) =>
      putEvent(event, place.account === account ? moto : moto.in(place.account), place.region);
    const queueUrls = [...stack.mappings.map(({ queueUrl }) => queueUrl), findings.queueUrl];
    const cloud: LocalCloud = {
      endpoint: proxy.endpoint,
      motoEndpoint: server.endpoint,
      region,
      account,
      get accounts() {
        return accountsOf(organization, callers);
      },
      async join(ou) {
        if (!organization) throw new LocalCloudError('Accounts join an organization: start with --accounts and --stack-sets.');
        const id = await organization.create(ou);
        return accountsOf(organization, callers).find((one) => one.id === id);
      },
      async leave(account) {
        if (!organization) throw new LocalCloudError('Accounts leave an organization: start with --accounts and --stack-sets.');
        await organization.remove(account);
      },
      configFile: synthesised.configFile,
      env: {
        AWS_ENDPOINT_URL: proxy.endpoint,
        REDRESS_LOCAL_SLACK: slackBase,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_ACCESS_KEY_ID: userCredentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: userCredentials.secretAccessKey,
      },
      stack,
      slack,
      findings: findings.latest,
      announcements: findings.all,
      calls: proxy.calls,
      records: proxy.records,
      invocations: () => ({ ...counts }),
      queued: () => queued(moto, queueUrls, region),
      async sweep() {
        for (const { ruleArn } of stack.schedules)
          await send({ source: 'aws.events', type: 'Scheduled Event', resources: [ruleArn], detail: {} });
      },
      async deployed() {
        await send(deploymentOf(stack.id));
        for (const one of organization?.places ?? []) await send(deploymentOf(one.stackId), one);
      },
      send,
      onCall(next) {
        hook = next;
      },
      stop,
    };
    if (options.deploymentEvent === true) await cloud.deployed();
    whole.resolve(cloud);
    onProgress(`Redress runs at ${proxy.endpoint}`);
    return cloud;
  }
}
