import tseslint from "typescript-eslint";

// Only rules that find mistakes. The `!` behind an index stays: it keeps noUncheckedIndexedAccess within reach.
// Layout is prettier's business, arrows between folders are test/architecture.test.ts's.
export default tseslint.config(
  { ignores: ["dist/", "runs/", "node_modules/", "coverage/", "test/cases/reject-whole/Q013-syntax/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/no-explicit-any": "error",
      "eqeqeq": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
);
