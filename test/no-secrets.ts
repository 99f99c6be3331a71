import { afterEach, expect } from 'vitest';
import { amazonQNotification } from '../functions/alerts/amazon-q.ts';
import { securityFinding } from '../functions/alerts/asff.ts';
import { slackMessage } from '../functions/alerts/slack-blocks.ts';
import { textAlert } from '../functions/alerts/text.ts';
import { viewOf } from '../functions/alerts/view.ts';
import { everySecret } from './fixtures/secrets.ts';
import { watched } from './watched.ts';

// after every test of the suite: no secret in any log, finding, ledger row, queue body, alert or error that left the engine
afterEach(async () => {
  for (const one of watched.splice(0)) {
    const alerts = one.announced.map((finding) => {
      const view = viewOf(finding);
      return [textAlert(view), slackMessage(view, { hasActions: true }), amazonQNotification(view), securityFinding(view)];
    });
    const left = `${await one.output()}\n${JSON.stringify(alerts)}`;
    const leaked = everySecret.findIndex((secret) => left.includes(secret));
    expect(leaked, 'the number of the secret in test/fixtures/secrets.ts that left the engine').toBe(-1);
  }
});
