import { expect, test } from 'vitest';
import { messageFor, scheduled } from '../../../test/fixtures/events.ts';
import { password, privateKey, token } from '../../../test/fixtures/secrets.ts';
import { aboutDocument, writeDocument } from '../../../test/support/documents/events.ts';
import { documentsWorld, type Stored } from '../../../test/support/documents/world.ts';
import { awsError, Harness } from '../../../test/support/harness.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './document-no-secrets.ts';

const running = (...runCommand: string[]) => JSON.stringify({ schemaVersion: '2.2', mainSteps: [{ name: 'run', inputs: { runCommand } }] });
const taking = (parameters: object) => JSON.stringify({ schemaVersion: '2.2', parameters, mainSteps: [] });
const plain = running('df -h');
const leaking = running(`export GITHUB_TOKEN=${token}`);
const world =
  (...versions: string[]) =>
  () =>
    documentsWorld({ documents: { deploy: { versions } } });
const stored = (one: Stored) => () => documentsWorld({ documents: { deploy: one } });
const made = writeDocument('deploy');
const found = { event: made, sends: [], status: 'open' } as const;

testControl(control, {
  valid: [
    { name: 'a document that runs commands', world: world(plain), event: made },
    {
      name: 'one that points to a parameter',
      world: world(running('mysql -p{{ssm:/shop/db/password}}', 'export DB_PASSWORD={{ resolve:ssm:/shop/db:1 }}')),
      event: made,
    },
    {
      name: 'one that takes a password, and has only a pointer for it',
      world: world(
        taking({ DbPassword: { type: 'String', default: '{{ssm:/shop/db}}', description: 'The password of the shop’s database.' } }),
      ),
      event: writeDocument('deploy', 'UpdateDocument'),
    },
    { name: 'one whose old version alone holds a secret', world: world(leaking, plain), event: writeDocument('deploy', 'UpdateDocument') },
    { name: 'one whose text says nothing', world: stored({ versions: ['just text'], format: 'TEXT' }), event: made },
    { name: "somebody else's", world: stored({ versions: [leaking], owner: '444455556666' }), event: scheduled() },
  ],
  invalid: [
    {
      name: 'a token in a script',
      ...found,
      world: world(plain, leaking),
      secret: token,
      says: /^It holds what looks like secrets: github-token and assignment in mainSteps\[0\]\.inputs\.runCommand\[0\] of version 2\.$/,
      advice: /Change each secret where it is used.*\n.*\n.*`aws ssm list-document-versions --name deploy`/,
    },
    {
      name: 'a password that only the name of its parameter gives away',
      ...found,
      world: world(taking({ DbPassword: { type: 'String', default: password } })),
      secret: password,
      says: /name:password in parameters\.DbPassword\.default of version 1/,
    },
    {
      name: 'a key over several lines of a script',
      ...found,
      world: world(running(...privateKey.split('\n'))),
      secret: privateKey.split('\n')[1] ?? '',
      says: /private-key in mainSteps\[0\]\.inputs\.runCommand\[0\] of version 1/,
    },
    {
      name: 'one in the default version, when the newest has none',
      ...found,
      event: aboutDocument('UpdateDocumentDefaultVersion', 'deploy', { documentVersion: '1' }),
      world: stored({ versions: [leaking, plain], standing: '1' }),
      secret: token,
      says: /of version 1\.$/,
    },
    {
      name: 'one in a document that is text',
      ...found,
      world: stored({ versions: [`token: ${token}`], format: 'TEXT' }),
      secret: token,
      says: /in the text of version 1/,
    },
    {
      name: 'one in YAML that AWS does not turn into JSON',
      ...found,
      world: stored({ versions: [`Value: !Sub '${token}'`], format: 'YAML', isAsStored: true }),
      secret: token,
      says: /in the text of version 1/,
    },
    {
      name: 'a secret where the name of a member stands',
      ...found,
      world: world(JSON.stringify({ mainSteps: [{ inputs: { [token]: 'x', more: { [token]: { in: leaking } } } }] })),
      secret: token,
      says: /in a key of mainSteps\[0\]\.inputs of version 1/,
    },
    {
      name: 'more places than a sentence holds',
      ...found,
      world: world(running(...Array.from({ length: 8 }, () => `echo ${token}`))),
      secret: token,
      says: /runCommand\[4\] of version 1; 3 more\.$/,
    },
    {
      name: "a stack's, where the secret has to go too",
      ...found,
      world: stored({ versions: [leaking], tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }] }),
      secret: token,
      says: /It holds what looks like secrets/,
      advice: /take it out of `Content`/,
    },
  ],
  skipped: [{ name: 'one that is gone by now', world: () => documentsWorld(), event: made, says: 'The resource is gone.' }],
});

test('a document that is deleted between two reads is gone, and a default version alone is not missed', async () => {
  for (const [asked, isThere] of [
    ['$LATEST', false],
    [undefined, true],
  ] as const) {
    const account = documentsWorld({ documents: { deploy: { versions: [plain, leaking], standing: '1' } } });
    account.meanwhile = (action, input) => {
      if (action === 'ssm:GetDocument' && Reflect.get(input, 'DocumentVersion') === asked) throw awsError('InvalidDocumentVersion');
    };
    const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'observe' } } }, world: account });
    harness.put(messageFor(control.id, made));
    await harness.settle();
    expect((await harness.findings()).map(({ status }) => status)).toEqual([isThere ? 'open' : 'skipped']);
  }
});
