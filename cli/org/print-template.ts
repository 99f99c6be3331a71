import { hubOf } from '#shared/finding/organization.ts';
import { jsonLine, plain } from '#shared/finding/text.ts';
import { discoverFunctions } from '../../infra/catalog.ts';
import { MAX_TEMPLATE_BODY, memberRoles, memberRules, textOf } from '../../infra/member.ts';
import { loadConfig, PROJECT_CONFIG } from '../../infra/synth.ts';
import { Failure } from '../failure.ts';
import { nearest } from '../nearest.ts';
import type { ExitCode, Session } from '../session.ts';

const templates = new Map([
  ['member-roles', memberRoles],
  ['member-rules', memberRules],
]);

/** `redress org print-template`: what a member of an organization is made of, to be deployed by whatever means. */
export async function printTemplate(
  { terminal, json }: Session,
  { config: file = PROJECT_CONFIG }: { config?: string },
  name = '',
): Promise<ExitCode> {
  const templateOf = templates.get(name);
  if (!templateOf)
    throw new Failure(`There is no template ${plain(name)}.`, {
      next: `There are ${[...templates.keys()].join(' and ')}; the nearest is ${nearest(name, [...templates.keys()])[0]}.`,
      exitCode: 2,
    });
  const functions = await discoverFunctions();
  const config = await loadConfig(file, functions);
  const template = templateOf(functions, config);
  const text = textOf(template);
  const bytes = Buffer.byteLength(text);
  const needsUrl = bytes > MAX_TEMPLATE_BODY;
  if (json) {
    terminal.out(jsonLine({ type: 'template', name, bytes, needsUrl, template }));
    return 0;
  }
  terminal.out(text.trimEnd());
  if (hubOf(config) === undefined)
    terminal.err('The config makes this deployment no hub: until it does, nobody answers what the members forward.');
  terminal.err(
    needsUrl
      ? `${name}: ${bytes} bytes, more than the ${MAX_TEMPLATE_BODY} that CloudFormation takes in a request. Put it into S3, and deploy it with --template-url.`
      : `${name}: ${bytes} bytes. Deploy it with --template-body, and with the parameters HubAccount and HubRegion: see docs/organizations.md.`,
  );
  return 0;
}
