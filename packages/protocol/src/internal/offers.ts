/** C2C offers inside STARTTLS elements (XEP-0250, ledger C2C): which certificates to expect, which methods are left. */
import { Element } from "@xmpp-e2e/xml"
import * as Namespace from "../Namespace.ts"

/** C2C-02: the names of keys in an offer, lower case. */
export const hintsOf = (element: Element.Element): ReadonlyArray<string> => {
  const offer = Element.child(element, Namespace.c2cOffer, "offer")
  return offer === undefined
    ? []
    : Element.elements(offer)
      .filter((each) => Element.is(each, Namespace.c2cKey, "keyinfo"))
      .flatMap((keyinfo) => Element.elements(keyinfo))
      .filter((each) => Element.is(each, Namespace.c2cKey, "name"))
      .map((name) => Element.text(name).trim().toLowerCase())
}

/** C2C-09: an offer is there, and holds no method that we have (keys and first use; no SRP). */
export const isHopeless = (element: Element.Element): boolean => {
  const offer = Element.child(element, Namespace.c2cOffer, "offer")
  return offer !== undefined &&
    !Element.elements(offer).some((each) =>
      Element.is(each, Namespace.c2cKey, "keyinfo") || Element.is(each, Namespace.c2cOffer, "insecure")
    )
}
