/** The part of `@xmpp/xml` that is used here; the package brings no types. */
declare module "@xmpp/xml" {
  export interface Element {
    readonly name: string
    readonly attrs: Readonly<Record<string, string>>
    readonly children: ReadonlyArray<Element | string>
    toString(): string
  }
  export class Parser {
    on(event: "element", listener: (element: Element) => void): void
    on(event: "error", listener: (error: Error) => void): void
    write(text: string): void
  }
  export const xml: (
    name: string,
    attrs: Readonly<Record<string, string>>,
    ...children: ReadonlyArray<Element | string>
  ) => Element
}
