import * as v from 'valibot';

/** Accounts that may have what is shared; without any, nobody is judged. */
export const trustedAccounts = v.pipe(
  v.optional(v.array(v.pipe(v.string(), v.regex(/^\d{12}$/, 'is not an account id of 12 digits'))), []),
  v.description(
    'Accounts that images and snapshots may be shared with, by id. Without any, the controls that compare with this list do nothing.',
  ),
);
