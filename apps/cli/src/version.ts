/** The version of this command; a test holds it to package.json. */
export const FLOE_VERSION = '0.1.0';
