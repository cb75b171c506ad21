/** Changed rules of the negotiation: headers, features, TLS, SASL, admission. */
import { inFile, type Mutant } from "./mutant.ts"

export const negotiation: ReadonlyArray<Mutant> = [
  ...inFile("internal/initiator.ts", [
    ["TLS-06", "does without required TLS when nobody offers it", `policy.tls === "required" || (`, `(`],
    ["TLS-31", "does not take voluntary TLS", `offer.starttls !== "absent")) {`, `offer.starttls === "mandatory")) {`],
    [
      "FEAT-09",
      "passes over mandatory TLS that it never does",
      `if (offer.starttls === "mandatory") return`,
      `if (false) return`
    ],
    ["FEAT-09", "passes over unknown mandatory features", `offer.unknownMandatory !== undefined && !usable`, `false`],
    [
      "SASL-09",
      "opens without a mechanism",
      `if (offer.mechanisms !== undefined) return close(state, Reason.make("noMechanism"))`,
      ``
    ],
    ["SASL-41", "opens without required SASL", `if (policy.sasl === "required") return required(state)`, ``],
    ["TLS-14", "notes each white space in the window", `at: { ...at, warned: true }`, `at: { ...at, warned: false }`],
    [
      "END-21",
      "says a footer while starttls is unanswered",
      `return leave(state, Reason.make("aborted", { rule: "END-21" }))`,
      `return close(state, Reason.make("aborted", { rule: "END-21" }))`
    ],
    [
      "TLS-11",
      "goes on when TLS is refused",
      `if (Element.is(event.element, Namespace.tls, "failure")) {`,
      `if (false) {`
    ],
    [
      "HDR-28",
      "sends no new header after TLS",
      `actions: [...first, { _tag: "SendHeader", header: ownHeader(state) }]`,
      `actions: [...first]`
    ],
    [
      "TIME-06",
      "waits for a slow handshake with an error",
      `if (state.at._tag === "AwaitingTls") return drop(state, Reason.make("tlsTimeout"))`,
      ``
    ],
    ["FEAT-11", "notes no repeated feature", `? [diagnostic("repeatedFeature")]`, `? []`]
  ]),
  ...inFile("internal/recipient.ts", [
    [
      "TLS-03",
      "offers voluntary TLS where it is required",
      `...send(Features.mandatoryTls(config))`,
      `...send(Features.voluntaryTls(config))`
    ],
    [
      "SASL-05",
      "offers EXTERNAL to a nameless certificate",
      `config.policy.sasl !== "never" && link.verdict.authorised.length > 0) {`,
      `config.policy.sasl !== "never") {`
    ],
    [
      "HDR-13",
      "answers with the full address of the initiator",
      `...(to === undefined ? {} : { to }),`,
      `...(header.from === undefined ? {} : { to: \`\${header.from}/\` }),`
    ],
    [
      "VER-04",
      "answers a peer without version with one",
      `...(header.modern ? { version: "1.0" } : {}),`,
      `version: "1.0" as const,`
    ],
    [
      "LANG-02",
      "answers in its own language",
      `lang: Language.lookup(header.lang, [config.lang, ...config.languages], config.lang)`,
      `lang: config.lang`
    ],
    [
      "TLS-09",
      "does TLS twice",
      `return state.link._tag === "Clear" ? secure(state, element) : refuseTls`,
      `return true ? secure(state, element) : refuseTls`
    ],
    ["TLS-12", "starts TLS without saying so", `{ _tag: "SendElement", element: proceed },`, ``],
    [
      "TLS-17",
      "is the TLS client of its initiator",
      `{ _tag: "StartTls", as: "server" }`,
      `{ _tag: "StartTls", as: "client" }`
    ],
    [
      "TLS-09",
      "takes words inside starttls",
      `if (Element.text(element).trim() !== "") return refuseTls(state, "malformed")`,
      ``
    ],
    [
      "C2C-09",
      "takes offers without a method of ours",
      `if (isHopeless(element)) return refuseTls(state, "no method of the offer is ours")`,
      ``
    ],
    [
      "FEAT-18",
      "waits for ever for voluntary TLS",
      `if (at._tag === "AwaitingCommitment" && (event.timer === "commit"`,
      `if (at._tag === "AwaitingCommitment" && (event.timer === "drain"`
    ],
    [
      "TIME-03",
      "tells a silent stranger about it",
      `return state.link._tag === "Clear" ? drop(state, Reason.make("noHeader"))`,
      `return state.link._tag !== "Clear" ? drop(state, Reason.make("noHeader"))`
    ]
  ]),
  ...inFile("internal/verdict.ts", [
    [
      "TLS-21",
      "believes whom its judge refuses",
      `if (event.verdict.decision !== "accept") return reject`,
      `if (event.verdict.decision === "accept") return reject`
    ],
    ["TLS-21", "tells no reason for a refused certificate", `report({ _tag: "CertificateRejected", verdict })`, ``],
    ["LIM-05", "keeps whatever comes before the verdict", `? drop(state, Reason.make("flood"))`, `? move(state)`],
    ["CERT-01", "does not say whom it expects", `: { expected: peer }`, `: {}`],
    ["TLS-20", "loses what waited for the verdict", `, then: at.deferred }`, ` }`]
  ]),
  ...inFile("internal/auth.ts", [
    ["SASL-18", "names nobody when the certificate leaves a choice", `implied ? undefined : own`, `undefined`],
    ["SASL-09", "does not try again with its name", `implied && only !== undefined ? [own] : []`, `[]`],
    [
      "SASL-28",
      "does not begin anew after success",
      `[{ _tag: "RestartInput" }]\n  )\n}\n\nconst onChallenge`,
      `[]\n  )\n}\n\nconst onChallenge`
    ],
    ["SASL-45", "answers a challenge with words", `element.children.length === 0 && !at.responded`, `!at.responded`],
    [
      "SASL-43",
      "believes unknown failures",
      `named !== undefined && conditions.includes(named.name) ? named.name`,
      `named !== undefined ? named.name`
    ],
    [
      "SM-14",
      "takes up whichever session is resumed",
      `Element.attribute(element, "previd") !== resumption.id || h === undefined`,
      `h === undefined`
    ],
    ["SM-16", "forgets what nobody acknowledged", `held: [...again, ...state.held]`, `held: state.held`]
  ]),
  ...inFile("internal/authenticator.ts", [
    [
      "SASL-39",
      "allows one try more",
      `at.tries >= state.config.limits.saslTriesMax`,
      `at.tries > state.config.limits.saslTriesMax`
    ],
    [
      "SASL-31",
      "does SASL in clear text",
      `if (state.link._tag !== "Secured") return refuse(state, at, "encryption-required", true)`,
      ``
    ],
    [
      "SASL-30",
      "takes any mechanism for EXTERNAL",
      `if (mechanism !== "EXTERNAL") return refuse(state, at, "invalid-mechanism", true)`,
      ``
    ],
    [
      "SASL-14",
      "says malformed-request of what is no base64",
      `refuse(state, at, "incorrect-encoding", true)`,
      `refuse(state, at, "malformed-request", true)`
    ],
    [
      "SASL-21",
      "lets an initiator be whom it likes",
      `if (!authorises(link.verdict, candidate, config.naming)) {`,
      `if (false) {`
    ],
    [
      "SASL-26",
      "does not compare the name with the header",
      `if (at.header.from !== undefined && !Address.sameBare(at.header.from, candidate, config.naming)) {`,
      `if (false) {`
    ],
    ["SASL-33", "takes certificates that expired meanwhile", `if (link.expired) return`, `if (false) return`],
    [
      "SASL-37",
      "does not count handshakes that were given up",
      `return refuse(state, at, "aborted", true)`,
      `return refuse(state, at, "aborted", false)`
    ],
    ["SASL-27", "says nothing of success", `{ _tag: "SendElement", element: success },`, ``]
  ]),
  ...inFile("internal/opening.ts", [
    ["TIME-12", "opens with an expired certificate", `if (securedOf(state.link)?.expired === true) {`, `if (false) {`],
    [
      "HDR-31",
      "opens to another than the expected initiator",
      `if (stranger !== undefined) return`,
      `if (false) return`
    ],
    [
      "E2E-22",
      "does not tell of insecure channels",
      `...(admission.secured ? [] : [report({ _tag: "InsecureChannel" })])`,
      ``
    ]
  ]),
  ...inFile("internal/tls.ts", [
    [
      "TLS-22",
      "says a footer after a failed handshake",
      `return drop(state, Reason.make("tlsFailed", { detail: event.fault }))`,
      `return drop(state, Reason.make("tlsTimeout", { detail: event.fault }))`
    ],
    [
      "END-14",
      "ends politely within a handshake",
      `return drop(state, Reason.make("aborted", { rule: "END-14" }))`,
      `return diagnose(state, "unexpectedEvent", event._tag)`
    ]
  ]),
  ...inFile("internal/dormant.ts", [
    [
      "TLS-33",
      "sends a header before direct TLS",
      `return config.policy.tlsEntry === "starttls"\n      ? restart(state, [])`,
      `return true\n      ? restart(state, [])`
    ]
  ]),
  ...inFile("Header.ts", [
    ["NS-04", "takes any prefix", `if (config.policy.strictStreamPrefix && tag.prefix !== "stream") {`, `if (false) {`],
    [
      "NS-03",
      "takes any content namespace",
      `return accepted.includes(content) ? undefined`,
      `return true ? undefined`
    ],
    [
      "VER-09",
      "takes an answer of a version to come",
      `return version !== undefined && version.major > 1`,
      `return version !== undefined && version.major > 2`
    ],
    [
      "HDR-18",
      "says host-unknown of addresses that were its own",
      `fault_("host-gone", "misbehaved", "HDR-18")`,
      `fault_("host-unknown", "misbehaved", "HDR-18")`
    ],
    [
      "HDR-26",
      "takes repeated ids where they are forbidden",
      `if (config.policy.strictIds) return`,
      `if (false) return`
    ],
    ["HDR-30", "lets the restart ask for another", `!names(config, to, link.to)`, `false`],
    [
      "HDR-07",
      "judges what is said before TLS",
      `if (link._tag === "Clear" && config.policy.tls !== "never" && header.modern) return undefined`,
      ``
    ],
    ["LIM-01", "has room for everybody", `(overloaded ? fault_`, `(false ? fault_`],
    [
      "HDR-22",
      "takes an answer to somebody else",
      `if (link._tag !== "Clear") return fault_("host-unknown", "identity", "HDR-22")`,
      ``
    ],
    ["SASL-40", "waits for a certificate that cannot come", `return lacking\n    ?`, `return false\n    ?`],
    [
      "LANG-03",
      "reads malformed languages",
      `lang === undefined || !Language.isTag(lang) ? {} : { lang }`,
      `lang === undefined ? {} : { lang }`
    ]
  ]),
  ...inFile("Admission.ts", [
    [
      "P-14",
      "calls whoever announces an address verified",
      `{ address, how: "announced", verified: false }`,
      `{ address, how: "announced", verified: true }`
    ],
    [
      "CERT-09",
      "forgets the other name of a peer",
      `return { address: identity, how: "certificate", verified: true, ...alias }`,
      `return { address: identity, how: "certificate", verified: true }`
    ],
    [
      "CERT-77",
      "lets services be any host",
      `entry.startsWith("*.") ? coversService`,
      `entry.startsWith("*") ? true || coversService`
    ]
  ]),
  ...inFile("Features.ts", [
    [
      "TLS-04",
      "takes lone starttls for voluntary",
      `children.length === 1 || hasRequired(starttls)`,
      `hasRequired(starttls)`
    ],
    ["SASL-07", "offers no mechanism", `[Element.make(Namespace.sasl, "mechanism", {}, ["EXTERNAL"])]`, `[]`],
    ["FEAT-23", "offers no stream management", `config.management.use && link._tag !== "Clear"`, `false`]
  ])
]
