/**
 * Mail addresses as certificates have them. They name no peer of a stream (CERT-64), but they may be limited, and asked for.
 *
 * @internal
 */
import { exactName } from "./hosts.ts"

export interface Mailbox {
  readonly key: string
  readonly host: string
}

/** RFC 5321 §4.1.2, §2.4: the local part as it is, without its quotes. */
export const mailbox = (text: string): Mailbox | undefined => {
  const at = text.lastIndexOf("@")
  const local = localPart(text.slice(0, Math.max(at, 0)))
  const host = exactName(text.slice(at + 1))
  return at < 0 || local === undefined || host === undefined ? undefined : { key: `${local}@${host}`, host }
}

const localPart = (text: string): string | undefined =>
  atomsForm.test(text) ? text : quotedForm.test(text) ? text.slice(1, -1).replace(/\\(.)/g, "$1") : undefined

const atomsForm = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/
const quotedForm = /^"(?:[ !#-[\]-~]|\\[ -~])*"$/
