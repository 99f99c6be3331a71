import { byTerraform, roleSession } from '../../../fixtures/events.ts';
import { token } from '../../../fixtures/secrets.ts';
import type { InvalidCase, SkippedCase } from '../../tester.ts';
import { putParameter, readBy } from '../events.ts';
import { parametersWorld } from '../world.ts';
import { event, found, name, world, written } from './setting.ts';

/** What is not for Redress to touch. */
export const leftAlone: readonly SkippedCase[] = [
  {
    name: 'a parameter of a CloudFormation stack',
    world: world({ Tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }] }),
    event,
    says: `${found} The CloudFormation stack shop manages it, so it is left unchanged: fix it there.`,
    advice: /^CloudFormation: .*AWS::SecretsManager::Secret[\s\S]*CDK: .*new StringParameter(?![\s\S]*Terraform)/,
  },
  {
    name: 'a parameter that Terraform made',
    world: world(),
    event: putParameter(name, {}, { userIdentity: roleSession('deploy-shop', 'release-42') }),
    managers: { managedBy: { terraform: ['arn:aws:iam::*:role/deploy-*'] } },
    says: /Terraform manages it/,
    advice: /value_wo/,
  },
  {
    name: 'a parameter of AWS',
    world: () => parametersWorld({ parameters: { '/aws/service/x': { Value: token } } }),
    event: putParameter('/aws/service/x'),
    says: /AWS’s own/,
  },
  {
    name: 'an AMI alias',
    world: () => parametersWorld({ parameters: { '/shop/secret': { Value: 'ami-0123456789abcdef0', DataType: 'aws:ec2:image' } } }),
    event: putParameter('/shop/secret'),
    says: /aws:ec2:image, which only a String can have/,
    advice:
      /^An AMI id is no secret: .*`!\/shop\/secret` to `patterns`\.\nKeep what is secret in a parameter of its own, of type SecureString and data type text\.$/,
  },
  {
    name: 'an AMI alias that Terraform made, which no line of its code makes a SecureString',
    world: () => parametersWorld({ parameters: { '/shop/secret': { Value: 'ami-0123456789abcdef0', DataType: 'aws:ec2:image' } } }),
    event: putParameter('/shop/secret', {}, byTerraform),
    says: /aws:ec2:image, which only a String can have/,
    advice: /^An AMI id is no secret: [^\n]*\nKeep [^\n]*$/,
  },
  {
    name: 'a data type that Redress does not know',
    world: world({ DataType: 'aws:new:type' }),
    event,
    says: /Its data type is aws:new:type, and Redress does not know whether a SecureString can have it\.$/,
    advice: /^Keep what is secret in a parameter of its own/,
  },
  {
    name: 'an AMI id that a launch template resolves',
    world: () =>
      parametersWorld({ parameters: { '/shop/secret': { Value: 'ami-0123456789abcdef0' } }, templates: ['resolve:ssm:/shop/secret:3'] }),
    event: putParameter('/shop/secret'),
    says: /A launch template resolves it/,
    advice: /^An AMI id is no secret/,
  },
  {
    name: 'a shared parameter',
    world: world({ Tier: 'Advanced' }, { shared: [name] }),
    event,
    says: /It is shared with other accounts/,
    advice: /^Share a customer key with those accounts/,
  },
  {
    name: 'a parameter that was deleted since',
    world: () => parametersWorld(),
    event,
    says: 'The resource is gone.',
  },
];

/** What only its maker says is not for Redress to touch: a person decides. */
export const claiming: readonly InvalidCase[] = [
  {
    name: 'a parameter that claims to be of Terraform',
    world: world(),
    event: putParameter(name, {}, byTerraform),
    sends: [],
    status: 'awaiting-approval',
    says: `${found} It claims to be managed by Terraform, so a person decides.`,
    advice: /value_wo/,
  },
  {
    name: 'the same that a role reads as plaintext, of which the person has to know',
    world: written({ reads: [readBy('app', 'GetParameter', { name })] }),
    event: putParameter(name, {}, byTerraform),
    sends: [],
    status: 'awaiting-approval',
    says: /It waits for a person: readers may break\. It claims to be managed by Terraform, so a person decides\.$/,
    advice: /role\/app/,
  },
  {
    name: 'a parameter with a name like those of the CDK toolkit',
    world: () => parametersWorld({ parameters: { '/cdk-bootstrap/x/token': { Value: token } } }),
    event: putParameter('/cdk-bootstrap/x/token'),
    sends: [],
    status: 'awaiting-approval',
    says: /It waits for a person: by its name it is of the CDK toolkit, whose `cdk deploy` would not read a SecureString\.$/,
    advice: /^Look first: by its name/,
  },
  {
    name: 'a String under the path of staged copies',
    world: () => parametersWorld({ parameters: { '/redress/stage/x': { Value: token } } }),
    event: putParameter('/redress/stage/x'),
    sends: [],
    status: 'open',
    says: /sensitive by its value/,
    advice: /^It cannot be converted: its path is reserved for copies/,
  },
];
