/**
 * What entities are able to do: ours is announced as a hash (LL-23, XEP-0115) and told to whoever asks on a stream
 * (XEP-0030); that of others is asked for on a stream, and held against what they claim. The hashes are made and checked by
 * `Capabilities` in `@xmpp-e2e/link-local`.
 *
 * @since 0.1.0
 */
import * as Capabilities from "@xmpp-e2e/link-local/Capabilities"
import type { Claim } from "@xmpp-e2e/link-local/Presence"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import type { IqFailed } from "@xmpp-e2e/stream/Failure"
import { IqRefusal } from "@xmpp-e2e/stream/IqRouter"
import type { Handler } from "@xmpp-e2e/stream/Options"
import * as Stanza from "@xmpp-e2e/stream/Stanza"
import { Element } from "@xmpp-e2e/xml"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"

/**
 * XEP-0030 §3.1.
 *
 * @since 0.1.0
 * @category constants
 */
export const discoInfo = "http://jabber.org/protocol/disco#info"

/**
 * What an entity says that it can do, and, where it has claimed a hash, what that claim is worth.
 *
 * @since 0.1.0
 * @category models
 */
export interface Answer {
  readonly info: Capabilities.Info
  readonly judgement?: Capabilities.Judgement
}

/**
 * What to announce of these abilities. `node` is a URI that stands for the software. Fails where there is no hash of them.
 *
 * XEP-0115 §4.
 *
 * @since 0.1.0
 * @category constructors
 */
export const claim = (info: Capabilities.Info, node: string): Result.Result<Claim, Capabilities.CapabilitiesError> =>
  Result.map(Capabilities.ver(info, hash), (ver) => ({ node, ver, hash }))

/**
 * Tells them to whoever asks, for the entity itself or for the node that `claim` stands for; nothing is known here of any
 * other node.
 *
 * XEP-0030 §3.1, XEP-0115 §6.2.
 *
 * @since 0.1.0
 * @category constructors
 */
export const handler = (info: Capabilities.Info, claimed?: Claim): Handler => ({
  namespace: discoInfo,
  name: "query",
  type: "get",
  handle: (iq) => {
    const query = Element.child(iq, discoInfo, "query")
    const node = query === undefined ? undefined : Element.attribute(query, "node")
    return node === undefined || (claimed !== undefined && node === Capabilities.nodeOf(claimed))
      ? Effect.succeed(encode(info, node))
      : Effect.fail(new IqRefusal({ condition: "item-not-found", type: "cancel" }))
  }
})

/**
 * Asks the entity at the other end. With its `claim`, for what that stands for, and judges it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ask = Effect.fnUntraced(function*(
  { contentNamespace, request }: E2eStream,
  claimed?: Claim
): Effect.fn.Return<Answer, IqFailed> {
  const payload = Element.make(
    discoInfo,
    "query",
    claimed === undefined ? {} : { node: Capabilities.nodeOf(claimed) }
  )
  const result = yield* request(Stanza.iq({ type: "get", namespace: contentNamespace, payload }))
  const info = decode(Element.child(result, discoInfo, "query"))
  return claimed === undefined ? { info } : { info, judgement: Capabilities.judge(claimed, info) }
})

/**
 * @since 0.1.0
 * @category encoding
 */
export const encode = ({ features, forms, identities }: Capabilities.Info, node?: string): Element.Element =>
  Element.make(discoInfo, "query", node === undefined ? {} : { node }, [
    ...identities.map(({ category, lang, name, type }) =>
      inLanguage(Element.make(discoInfo, "identity", { category, type, ...optional("name", name) }), lang)
    ),
    ...features.map((feature) => Element.make(discoInfo, "feature", { var: feature })),
    ...forms.map(({ fields }) =>
      Element.make(
        data,
        "x",
        { type: "result" },
        fields.map(({ type, values, var: name }) =>
          Element.make(
            data,
            "field",
            { var: name, ...optional("type", type) },
            values.map((value) => Element.make(data, "value", {}, [value]))
          )
        )
      )
    )
  ])

/**
 * Reads an answer; without one, it is nothing that the entity can do. What has no place in it is passed over.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (query: Element.Element | undefined): Capabilities.Info => {
  const children = query === undefined ? [] : Element.elements(query)
  const of = (namespace: string, name: string) => children.filter((each) => Element.is(each, namespace, name))
  return {
    identities: of(discoInfo, "identity").map((each) => ({
      category: Element.attribute(each, "category") ?? "",
      type: Element.attribute(each, "type") ?? "",
      ...optional("name", Element.attribute(each, "name")),
      ...optional("lang", Element.attribute(each, "lang", Element.xmlNamespace))
    })),
    features: of(discoInfo, "feature").flatMap((each) => Element.attribute(each, "var") ?? []),
    forms: of(data, "x").map((form) => ({ fields: Element.elements(form).filter(isField).map(field) }))
  }
}

const isField = (element: Element.Element): boolean => Element.is(element, data, "field")

const inLanguage = (element: Element.Element, lang: string | undefined): Element.Element =>
  lang === undefined
    ? element
    : {
      ...element,
      attributes: [...element.attributes, { name: "lang", namespace: Element.xmlNamespace, value: lang }]
    }

const field = (of: Element.Element): Capabilities.Form["fields"][number] => ({
  var: Element.attribute(of, "var") ?? "",
  ...optional("type", Element.attribute(of, "type")),
  values: Element.elements(of).filter((each) => Element.is(each, data, "value")).map(Element.text)
})

const optional = <Name extends string>(name: Name, value: string | undefined): { readonly [Each in Name]?: string } =>
  value === undefined ? {} : { [name]: value } as { readonly [Each in Name]: string }

const data = "jabber:x:data"
/** What everybody has; nothing rests on it but which answer is shown. */
const hash = "sha-1"
