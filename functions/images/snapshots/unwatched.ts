/** The calls of EC2 that can make or change a snapshot and that no control looks at, by the reason. */
export const unwatched = {
  'The snapshot appears when the import ends, long after the call.': ['ImportImage', 'ImportSnapshot'],
  'The record names the image, and what an image is made of is judged with it.': ['CreateImage', 'DeregisterImage', 'RegisterImage'],
  'It makes something from a snapshot, which stays as it is.': [
    'CopyVolumes',
    'CreateReplaceRootVolumeTask',
    'CreateVolume',
    'RunInstances',
  ],
  'It changes neither encryption nor sharing nor tags.': [
    'DisableFastSnapshotRestores',
    'EnableFastSnapshotRestores',
    'LockSnapshot',
    'ModifySnapshotTier',
    'UnlockSnapshot',
  ],
  'It takes up to three days, and the daily sweep sees its end.': ['RestoreSnapshotTier'],
  'Most such calls are about sound snapshots, and each would cost an invocation.': ['DeleteSnapshot'],
} as const;
