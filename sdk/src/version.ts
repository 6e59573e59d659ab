/** Kept equal to package.json by a test. */
export const SDK_VERSION = '0.1.0'
/** The oldest Node that runs it, major and minor: `engines` of package.json, kept equal by a test. */
export const OLDEST_NODE = '22.15'
