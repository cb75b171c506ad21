/** Elements made one way: attributes by name, children as nodes or text. Text is always text, never markup. */

/** @internal */
export const make = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: ReadonlyArray<Node | string>
): HTMLElementTagNameMap[Tag] => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/** @internal */
export const button = (
  label: string,
  attributes: Readonly<Record<string, string>>,
  press: () => void
): HTMLButtonElement => {
  const element = make("button", { type: "button", ...attributes }, label)
  element.addEventListener("click", press)
  return element
}
