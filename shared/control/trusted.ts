import * as v from 'valibot';

/** Accounts that may have what is shared; without any, nobody is judged. */
export const trustedAccounts = v.pipe(
  v.optional(v.array(v.pipe(v.string(), v.regex(/^\d{12}$/, 'is not an account id of 12 digits'))), []),
  v.description(
    'Accounts that images, snapshots and what EC2 Image Builder makes may be shared with, by id. Without any, the controls that compare with this list do nothing.',
  ),
);

/** Organizations and organizational units that may have what can be shared with one. */
export const trustedOrganizations = v.pipe(
  v.optional(
    v.array(
      v.pipe(
        v.string(),
        v.regex(
          /^arn:aws[a-z-]*:organizations::\d{12}:(organization\/o-\w+|ou\/o-\w+\/ou-[\w-]+)$/,
          'is not the ARN of an organization or a unit',
        ),
      ),
    ),
    [],
  ),
  v.description('Organizations and organizational units that images may be shared with, by ARN.'),
);
