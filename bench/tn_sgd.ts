import { modelOf, rate, warm, median } from "./measure.ts";
import { workloads } from "./workloads.ts";
const w = workloads.find((x) => x.name === "W3_sgd")!;
const model = modelOf(w);
const work = warm(w.start(model), 1.5);
console.log("steps/s", Array.from({length:7},()=>rate(work, 0.5).toFixed(0)).join(" "));
const mb = model.miniBatches!;
const s = new Float64Array(model.dimension), g = new Float64Array(model.dimension), order = Int32Array.from({length:1280},(_,k)=>(k*7)%1280);
console.log("grad/s", Array.from({length:5},()=>rate(()=>(mb.energyAndGradient(s,g,order,0,128),1), 0.5).toFixed(0)).join(" "));
