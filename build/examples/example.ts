/** A site below `examples/`, as the runner has to know it. */
export interface Example {
  readonly name: string
  /** Its folder. @default its name */
  readonly folder?: string
  /** The npm package whose version the table shows. */
  readonly framework: string
  /** The major version of Node that it needs; absent: the one that runs the runner. */
  readonly node?: string
  /** @default 'npm' */
  readonly manager?: 'npm' | 'pnpm'
  /** Where commands run, relative to the example. @default '.' */
  readonly app?: string
  /** Where `.imagegen` has to lie, relative to the example. @default '.' */
  readonly cache?: string
  /** How many images its manifests have. */
  readonly images: number
  /** Names of images that no code uses: they are generated on request only and never emitted. */
  readonly unused: readonly string[]
  /** How many pictures its build emits: said where their names do not tell that unused ones are not there. */
  readonly emitted?: number
  /** In development too drafts are pictures like others, which no URL tells apart. */
  readonly rasterDrafts?: boolean
  /** Folders that a build fills, relative to the app. */
  readonly outputs: readonly string[]
  /** Paths of pages to open, relative to the address of the server. */
  readonly pages: readonly string[]
  /** Pages whose HTML a server or the build makes: it has to name the pictures that the page shows. */
  readonly rendered?: readonly string[]
  /** Scripts of its `package.json`. */
  readonly scripts: ExampleScripts
  /** Replacements in its `package.json`: another version of the framework, another bundler. */
  readonly replacements?: readonly (readonly [text: string, replacement: string])[]
  /** Why its development is not tried. */
  readonly noDevelopment?: string
  /** Whether its development server has a gallery. */
  readonly gallery: boolean
  readonly init?: ExampleInit
  /** Absent: the tests compare what its component writes. */
  readonly markup?: ExampleMarkup
  readonly refusals?: readonly ExampleRefusal[]
}

/** A change of one file that the framework's own build has to refuse. */
export interface ExampleRefusal {
  /** Relative to the app; it need not be there. */
  readonly file: string
  readonly change: (text: string) => string
  /** Words of the error. */
  readonly message: string
}

/** A page that shows every case of a table by the framework's component. */
export interface ExampleMarkup {
  readonly page: string
  /** Where the build puts its HTML. */
  readonly html: string
  /** @param cases the table, as JSON */
  render(cases: string): string
}

export interface ExampleScripts {
  readonly build: ServedScript['script']
  readonly start: ServedScript
  readonly dev: ServedScript
  readonly types?: string
}

/** A script that serves; it gets its port in `PORT`, and in an argument. */
export interface ServedScript {
  readonly script: string
  /** @default ['--port', PORT] */
  readonly args?: (port: number) => readonly string[]
}

/** The example as a project that `imagegen init` has not seen yet. */
export interface ExampleInit {
  /** The package that is set up, relative to the example. @default its app */
  readonly package?: string
  /** The configuration that the plugin is taken out of, and that has to hold it again. */
  readonly config: string
  /** How the plugin stands there. @default 'imagegen()' */
  readonly plugin?: string
  /** Removed beside the product's own files. */
  readonly remove?: readonly string[]
  /** A file that shows the first manifest instead of what it shows in the example, and its text. */
  readonly page: readonly [file: string, text: string]
  /** Further files, where others of the example name what was removed. */
  readonly files?: readonly (readonly [file: string, text: string])[]
}
