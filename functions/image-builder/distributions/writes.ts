import * as v from 'valibot';
import { passing, roleNames } from '#shared/control/roles.ts';
import type { Permission } from '#shared/control/types.ts';
import { anyOf } from '../builder.ts';

/** What it takes to update a distribution configuration. */
export const updateWrites: readonly Permission[] = [
  { action: 'imagebuilder:UpdateDistributionConfiguration', resource: anyOf('distribution-configuration') },
  passing('exportRoles', ['vmie.amazonaws.com'], 'Image Builder passes the role that exports to S3 to VM Import/Export'),
];

/** What such permissions amount to. */
export const updatesAmountTo =
  'It can change whom the AMIs of any pipeline are shared with, for AWS knows no narrower permission, and make them public, for an undo does that.';

/** The setting that names the roles which an update may pass. */
export const exportRoles = v.pipe(
  roleNames,
  v.description(
    'The roles that export images to S3, at most 10, such as `vmimport`. AWS asks whoever updates a configuration with such an export for `iam:PassRole`, and Redress passes no other role.',
  ),
);
