/** Changed rules that hold in many states: timers, defaults, conditions, blame, what has to wait. */
import { inFile, type Mutant } from "./mutant.ts"

export const common: ReadonlyArray<Mutant> = [
  ...inFile("internal/timers.ts", [
    ["END-06", "sets no timer when it closes", `return [["close", closeMillis]]`, `return none`],
    [
      "TIME-13",
      "gives a judging peer no time",
      `[["step", verdictMillis + stepMillis]]`,
      `[["step", stepMillis]]`
    ],
    [
      "TIME-07",
      "does not limit the whole negotiation",
      `case "AwaitingFeatures":\n    case "AwaitingProceed":`,
      `case "AwaitingProceed":\n      return [["step", stepMillis]]\n    case "AwaitingFeatures":`
    ],
    ["TIME-10", "sets no timer for idle peers", `if (idleMillis !== undefined) wanted`, `if (false) wanted`],
    ["TIME-12", "does not watch the certificate", `if (expiresIn !== undefined) wanted`, `if (false) wanted`],
    [
      "TIME-04",
      "does not give each step its time",
      `return "at" in before && "at" in after && movedOn(before.at, after.at) ? perState : none`,
      `return none`
    ],
    [
      "SM-26",
      "does not time each question anew",
      `if (!isAsking(before) && isAsking(after)) return ["acknowledgement"]`,
      ``
    ]
  ]),
  ...inFile("internal/defaults.ts", [
    [
      "FEAT-12",
      "passes over stanzas that come too early",
      `return misbehaved(state, "not-authorized", state.config.role === "initiator" ? "FEAT-13" : "FEAT-12")`,
      `return move(state)`
    ],
    [
      "SASL-47",
      "passes over SASL out of place",
      `return misbehaved(state, "not-authorized", "SASL-47")`,
      `return move(state)`
    ],
    [
      "NS-05",
      "takes stanzas with a prefix",
      `return misbehaved(state, "bad-namespace-prefix", "NS-05")`,
      `return move(state)`
    ],
    [
      "NS-07",
      "never closes for unknown elements",
      `return state.config.policy.unknownElement === "close"`,
      `return false`
    ],
    [
      "STZ-23",
      "holds one stanza more",
      `held.length >= config.limits.heldStanzasMax`,
      `held.length > config.limits.heldStanzasMax`
    ],
    [
      "XML-09",
      "says not-well-formed of a wrong encoding",
      `encoding: ["unsupported-encoding", "XML-09"]`,
      `encoding: ["not-well-formed", "XML-09"]`
    ],
    [
      "LIM-05",
      "lets one event more wait",
      `waiting.length >= config.limits.deferredMax`,
      `waiting.length > config.limits.deferredMax`
    ]
  ]),
  ...inFile("Condition.ts", [
    [
      "ERR-05",
      "does not know the old name of not-well-formed",
      `if (name === "xml-not-well-formed") return "not-well-formed"`,
      ``
    ],
    ["ERR-04", "takes any unknown condition for bad-format", `?? "undefined-condition"\n}`, `?? "bad-format"\n}`]
  ]),
  ...inFile("Reason.ts", [
    [
      "END-06",
      "blames an unanswered footer on nobody",
      `closeTimeout: { blame: "Environment"`,
      `closeTimeout: { blame: "Finished"`
    ]
  ]),
  ...inFile("Step.ts", [
    ["P-09", "obeys timers that do not run", `return running ? {`, `return true ? {`],
    [
      "TLS-21",
      "forgets what had to wait",
      `return made.then === undefined ? transition :`,
      `return true ? transition :`
    ]
  ])
]
