/**
 * Stream versions (RFC 6120 §4.7.5): two integers, compared as numbers.
 *
 * @since 0.1.0
 */

/**
 * @since 0.1.0
 * @category models
 */
export interface Version {
  readonly major: number
  readonly minor: number
}

/**
 * VER-10: `D+` or `D+.D+`, nothing trimmed, at most nine digits a part; leading zeros are ignored (VER-02).
 *
 * @since 0.1.0
 * @category decoding
 */
export const parse = (text: string): Version | undefined => {
  const match = /^([0-9]{1,9})(?:\.([0-9]{1,9}))?$/.exec(text)
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2] ?? "0") }
}

/**
 * VER-04, VER-05: a peer that knows neither features nor what follows from them.
 *
 * @since 0.1.0
 * @category guards
 */
export const isLegacy = (version: Version | undefined): boolean => version === undefined || version.major < 1
