/**
 * Namespace names of the stream protocol (requirements 0.1).
 *
 * @since 0.1.0
 */

/** @since 0.1.0 @category constants */
export const stream = "http://etherx.jabber.org/streams"
/** @since 0.1.0 @category constants */
export const client = "jabber:client"
/** @since 0.1.0 @category constants */
export const server = "jabber:server"
/** @since 0.1.0 @category constants */
export const streamErrors = "urn:ietf:params:xml:ns:xmpp-streams"
/** @since 0.1.0 @category constants */
export const stanzaErrors = "urn:ietf:params:xml:ns:xmpp-stanzas"
/** @since 0.1.0 @category constants */
export const tls = "urn:ietf:params:xml:ns:xmpp-tls"
/** @since 0.1.0 @category constants */
export const sasl = "urn:ietf:params:xml:ns:xmpp-sasl"
/** @since 0.1.0 @category constants */
export const bind = "urn:ietf:params:xml:ns:xmpp-bind"
/** @since 0.1.0 @category constants */
export const communityErrors = "urn:xmpp:errors"
/** @since 0.1.0 @category constants */
export const management = "urn:xmpp:sm:3"
/** @since 0.1.0 @category constants */
export const ping = "urn:xmpp:ping"
/** XEP-0288: the offer. @since 0.1.0 @category constants */
export const bidiFeature = "urn:xmpp:features:bidi"
/** XEP-0288: the request. @since 0.1.0 @category constants */
export const bidi = "urn:xmpp:bidi"
/** @since 0.1.0 @category constants */
export const c2cOffer = "urn:xmpp:tmp:c2ctls"
/** @since 0.1.0 @category constants */
export const c2cKey = "urn:xmpp:tmp:pubkey"
