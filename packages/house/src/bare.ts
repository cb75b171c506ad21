/**
 * Runs a module of the workspace in a world without clock, chance, timers and I/O: a fresh context that has the language
 * and nothing else, and where the few impure parts of the language throw. It is a script, because Node allows modules in
 * contexts only with a flag: `node --experimental-vm-modules bare.ts FILE` prints as JSON what the module's `run` returns.
 */
import { readFileSync } from "node:fs"
import { stripTypeScriptTypes } from "node:module"
import * as Path from "node:path"
import { type Context, createContext, runInContext, SourceTextModule } from "node:vm"
import { root } from "./repository.ts"

const main = async (path: string): Promise<void> => {
  const context = createContext({})
  runInContext(refusals, context)
  const module = load(path, context, new Map())
  module.instantiate()
  await module.evaluate()
  console.log(runInContext("(run) => JSON.stringify(run())", context)(Reflect.get(module.namespace, "run")))
}

const load = (path: string, context: Context, loaded: Map<string, SourceTextModule>): SourceTextModule => {
  const known = loaded.get(path)
  if (known !== undefined) return known
  const module = new SourceTextModule(stripTypeScriptTypes(readFileSync(path, "utf8")), { context, identifier: path })
  loaded.set(path, module)
  module.linkRequests(module.moduleRequests.map(({ specifier }) => load(resolve(specifier, path), context, loaded)))
  return module
}

const resolve = (specifier: string, from: string): string => {
  if (specifier.startsWith(".")) return Path.join(Path.dirname(from), specifier)
  const [, owner, module = "index"] = /^@xmpp-e2e\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? []
  if (owner === undefined) throw new Error(`${from} imports ${specifier}, which a bare world does not have`)
  return Path.join(root, "packages", owner, "src", `${module}.ts`)
}

const refusals = `{
  const refuse = (name) => function() { throw new Error(name + " was called") }
  globalThis.Date = Object.assign(refuse("Date"), { now: refuse("Date.now"), parse: refuse("Date.parse") })
  Math.random = refuse("Math.random")
  for (const name of ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"]) globalThis[name] = refuse(name)
  delete globalThis.console
}`

await main(Path.resolve(process.argv[2] ?? ""))
