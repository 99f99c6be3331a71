/** What CloudTrail writes in place of user data. */
export const masked = '<sensitiveDataRemoved>';
