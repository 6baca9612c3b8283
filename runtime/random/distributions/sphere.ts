import { uniformOnSphere } from "../state.ts";
import type { Distribution } from "./distribution.ts";

/** The whole array is one vector, uniform on the sphere of squared norm norm2. Another norm2 scales the same direction. */
export const sphere: Distribution = {
  name: "sphere",
  doc: "The whole array is one vector, uniform on the sphere of squared Euclidean norm norm2.",
  parameters: ["norm2"],
  fill(out, stream, [norm2]) {
    uniformOnSphere(out, 0, out.length, norm2, stream);
  },
};
