/** The linter's rules: types, promises, and which room of `src` may import which. */
import path from 'node:path';
import tseslint from 'typescript-eslint';

const rooms = [
  'core',
  'engine',
  'models',
  'safety',
  'store',
  'formats',
  'tools',
  'agents',
  'views',
  'runtime',
  'adapters/node',
  'adapters/vscode',
  'ui',
  'cli',
];
const ground = ['core', 'engine', 'models', 'safety', 'store', 'formats'];

/** What each room may import beside itself; the table of src/README.md. */
const allowed = {
  core: [],
  engine: ['core'],
  models: ['core'],
  safety: ['core'],
  store: ['core'],
  formats: ['core'],
  tools: ground,
  agents: ground,
  views: ground,
  runtime: [...ground, 'tools', 'agents', 'views'],
  'adapters/node': ['core'],
  'adapters/vscode': ['core'],
  ui: ['core', 'formats', 'views', 'runtime'],
  cli: [...ground, 'tools', 'agents', 'views', 'runtime', 'adapters/node'],
};
const mayImportVscode = ['adapters/vscode', 'ui'];

const importRules = rooms.map((room) => {
  const forbidden = rooms.filter((other) => other !== room && !allowed[room].includes(other));
  const up = '../'.repeat(room.split('/').length);
  const patterns = [
    {
      group: [...forbidden.map((other) => `${up}${other}/*`), `${up}extension.ts`],
      message: `${room} may import ${allowed[room].join(', ') || 'nothing'}; see src/README.md.`,
    },
  ];
  if (room === 'core') patterns.push({ regex: '^(?!\\./)', message: 'core imports nothing from outside.' });
  return {
    files: [`src/${room}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns,
          ...(mayImportVscode.includes(room)
            ? {}
            : {
                paths: [
                  { name: 'vscode', message: 'Only extension.ts, adapters/vscode and ui know VS Code.' },
                ],
              }),
        },
      ],
    },
  };
});

const topLevelRule = {
  files: ['src/*.ts'],
  ignores: ['src/extension.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      { paths: [{ name: 'vscode', message: 'Only extension.ts, adapters/vscode and ui know VS Code.' }] },
    ],
  },
};

export default tseslint.config(
  { ignores: ['**/node_modules/**', '**/.cache/**', 'dist/**', 'media/**'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: path.resolve(import.meta.dirname, '..') },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='Promise'][callee.property.name='all']",
          message: 'One failure would lose its siblings: use Promise.allSettled.',
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'describe', 'suite'], package: 'node:test' },
          ],
        },
      ],
    },
  },
  ...importRules,
  topLevelRule,
);
