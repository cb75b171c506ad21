/**
 * Which prefix stands for which namespace, and since which depth (Namespaces in XML 1.0). The parser's own resolution is
 * off: it trims namespace names, and it cannot say where a prefix was bound (NS-10).
 */
import { type Declaration, xmlNamespace } from "../Element.ts"
import { xmlnsNamespace } from "./names.ts"

/** `depth` is that of the declaring element, 0 for the root. */
export interface Binding {
  readonly namespace: string
  readonly depth: number
  readonly outer: Binding | undefined
}

export type Scope = Map<string, Binding>

export const make = (): Scope => new Map([["xml", { namespace: xmlNamespace, depth: 0, outer: undefined }]])

export const enter = (scope: Scope, declarations: ReadonlyArray<Declaration>, depth: number): void => {
  for (const { namespace, prefix } of declarations) scope.set(prefix, { namespace, depth, outer: scope.get(prefix) })
}

export const leave = (scope: Scope, declarations: ReadonlyArray<Declaration>): void => {
  for (const { prefix } of declarations) {
    const outer = scope.get(prefix)?.outer
    if (outer === undefined) scope.delete(prefix)
    else scope.set(prefix, outer)
  }
}

/** XML-08: what is wrong with a declaration, if anything. */
export const offence = ({ namespace, prefix }: Declaration): string | undefined => {
  if (prefix === "xmlns") return "the prefix xmlns declared"
  if (namespace === xmlnsNamespace) return "the xmlns namespace declared"
  if ((prefix === "xml") !== (namespace === xmlNamespace)) return "the xml prefix or namespace bound otherwise"
  return prefix !== "" && namespace === "" ? "a prefix undeclared" : undefined
}
