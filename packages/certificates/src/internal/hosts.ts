/**
 * Host names and SRVNames as certificates have them, whether they are presented or say what may be.
 *
 * @internal
 */
import * as Der from "../Der.ts"

/** CERT-27. Lower case, without the dot at its end; stars may stand anywhere. */
export const hostName = (text: string): string | undefined => {
  const name = (text.endsWith(".") ? text.slice(0, -1) : text).toLowerCase()
  return name.length <= nameOctetsMax && name.split(".").every((each) => labelForm.test(each)) ? name : undefined
}

/** Without a star. */
export const exactName = (text: string): string | undefined => {
  const name = hostName(text)
  return name?.includes("*") === true ? undefined : name
}

/** Lower case, the service without its `_`. A presented SRVName has both parts (CERT-26), a limit may have one. */
export const srvParts = (
  { content, tag }: Der.Value
): { readonly service: string; readonly name: string } | undefined => {
  const text = tag === Der.tags.ia5String ? Der.ascii(content)?.toLowerCase() : undefined
  if (text === undefined) return undefined
  const [whole = "", service = "", rest = ""] = serviceForm.exec(text) ?? []
  const given = whole === "" ? text : rest
  const name = given === "" && service !== "" ? "" : hostName(given)
  return name === undefined || name.includes("*") || (whole === "" && text.startsWith("_"))
    ? undefined
    : { service, name }
}

const serviceForm = /^_([a-z0-9-]{1,62})(?:\.(.+))?$/s
const labelForm = /^[a-z0-9_*-]{1,63}$/
const nameOctetsMax = 253
