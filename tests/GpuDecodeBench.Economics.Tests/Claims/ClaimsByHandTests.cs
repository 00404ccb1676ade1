using GpuDecodeBench.Economics.Claims;

namespace GpuDecodeBench.Economics.Tests.Claims;

/// <summary>Claims recomputed by hand, the working beside each. Values are in the claim's own unit.</summary>
public class ClaimsByHandTests
{
    // The KV cache of Llama 3.1 70B in FP8 is 80 layers × 2 × 8 heads × 128 = 163,840 bytes a token.
    [Theory]
    // 1.6 FLOP/B × 72.2 GB = 115.52 GFLOP; over 989 TFLOP/s 0.11681 ms. FP8 on an H200 is 1979 TFLOP/s.
    [InlineData("cost.compute-time", 0.11681, "wrong-input")]
    // 72.2 GB / 3.35 TB/s = 21.552 ms, with the H100's bandwidth. The H200 has 4.8.
    [InlineData("cost.memory-time", 21.552, "wrong-input")]
    // 1 − 0.12 / 21.6 = 99.444 %.
    [InlineData("cost.compute-idle", 99.444, "reproduced")]
    // 3.9 pJ/bit × 8 bit/B = 31.2 pJ/B,
    [InlineData("cost.hbm-energy-pj", 31.2, "reproduced")]
    // which is 0.0312 nJ/B: a thousandth of what stands there.
    [InlineData("cost.hbm-energy-nj", 0.0312, "unit-error")]
    // 31 % of 700 W = 217 W; but 31.2 pJ/B × 4.8 TB/s = 149.8 W is the most that reading can take.
    [InlineData("cost.power-hbm-watts", 217, "inconsistent")]
    // 217 W / 700 W = 31 %, which is not the largest: SM compute has 38 %.
    [InlineData("cost.power-hbm-share", 31, "inconsistent")]
    // 6 + 5 + 2 + 4 + 3 + 4 = 24 %, not 15.
    [InlineData("cost.facility-high", 24, "arithmetic-error")]
    // 1.10 − 1 = 10 %, not 13.
    [InlineData("cost.pue-low-overhead", 10, "arithmetic-error")]
    // $3.0M / 72 = $41,667.
    [InlineData("cost.gb200-low", 41_666.7, "reproduced")]
    // 4 × 3.84 TB = 15.36 TB; a DGX H200 has eight such drives.
    [InlineData("cost.nand-node", 15.36, "wrong-input")]
    // 8 drives × 8 W = 64 W, not 120.
    [InlineData("cost.ssd-power-high", 64, "arithmetic-error")]
    // 32 MB / 900 GB/s = 35.56 µs; in one direction NVLink 4 has 450.
    [InlineData("cost.allreduce-time", 35.556, "wrong-input")]
    // 4.4 GB / 50 GB/s = 88 ms; the cache is 4096 × 163,840 B = 0.671 GB.
    [InlineData("cost.kv-transfer", 88, "wrong-input")]
    // 9.7 GB / 900 GB/s = 10.78 ms, not 5.
    [InlineData("cost.nvlink-time", 10.778, "arithmetic-error")]
    // $40,000 / (26,280 h × 0.65) = $40,000 / 17,082 h = $2.3416.
    [InlineData("cost.capital-hour", 2.3416, "reproduced")]
    // 0.7 kW × $0.07 × 1.12 = $0.05488.
    [InlineData("cost.power-hour", 0.05488, "reproduced")]
    // 12 % of $0.055 = $0.0066, not $0.019.
    [InlineData("cost.facility-hour", 0.0066, "arithmetic-error")]
    // $1,600 / 26,280 h + 0.010 kW × $0.07 = $0.06088 + $0.0007 = $0.06158, not $0.013.
    [InlineData("cost.nand-hour", 0.061583, "arithmetic-error")]
    // A step reads 70 + 64 × 5 = 390 GB in 81.25 ms: 787.7 tok/s, 2.8357 Mtok/h. $2.34 / 2.8357 = $0.8252, not $60.6.
    [InlineData("cost.capital-mtok", 0.82519, "arithmetic-error")]
    // $3 / $174 = 0.01724: a thousandth of 17.
    [InlineData("cost.margin", 0.017241, "unit-error")]
    // 2 × 80 × 64 × 128 × 1 B × 4096 = 5.3687e9 B, written as 5.0 (GiB). A 70B Llama has 8 KV heads, not 64.
    [InlineData("cost.ctx-4k-kv", 5.36871, "wrong-input")]
    // $1,420 / $174 = 8.161.
    [InlineData("cost.ctx-128k-ratio", 8.1609, "reproduced")]
    // A token of 4K at batch 64 takes 390 / 64 = 6.094 GB, one of 64K at batch 1 150 GB: 24.615 × $174 = $4,283, not $980.
    [InlineData("cost.ctx-64k-cost", 4283.1, "arithmetic-error")]
    // ln 8.2 / ln 32 = 2.1041 / 3.4657 = 0.6071, not 2.
    [InlineData("cost.ctx-exponent", 0.60713, "arithmetic-error")]
    // $173.7 − $48.7 + $114.6 = $239.6, not $249.
    [InlineData("cost.germany-total", 239.6, "arithmetic-error")]
    // 22.7 / (173.7 − 22.7) = 22.7 / 151 = 15.03 %, not 18.
    [InlineData("cost.labour-overhead", 15.0331, "arithmetic-error")]
    // 989 / 3.35 = 295.2; with FP8's 1979 it is 590.7.
    [InlineData("time-bomb.h100-ridge", 295.22, "wrong-input")]
    // 38/1.75 + 28/3.5 + 22/2.5 + 12/1.2 = 21.714 + 8 + 8.8 + 10 = 48.514; compute is 8 / 48.514 = 16.49 %, not 8.
    [InlineData("time-bomb.compute-2028", 16.49, "arithmetic-error")]
    // 2,200 / 989 = 2.224, not 3 to 4.
    [InlineData("time-bomb.compute-gen-b200", 2.22447, "arithmetic-error")]
    // 36.5e9 B × 8 × 2.5e-12 J = 0.73 J; with scales and a sixteen-bit LM head a step reads 41 GB.
    [InlineData("time-bomb.floor-step-energy", 0.73, "wrong-input")]
    // $0.044 / 3.6e6 J = $1.2222e-8.
    [InlineData("time-bomb.floor-joule", 1.22222e-8, "reproduced")]
    // $10 / $0.015 = 666.7, about 700.
    [InlineData("time-bomb.floor-ratio-high", 666.67, "reproduced")]
    // $2.50 / 3^(20/12) = $2.50 / 6.2403 = $0.4006, not $0.10.
    [InlineData("time-bomb.frontier-end-2027", 0.40062, "arithmetic-error")]
    // 15 × ln 2.8 / ln 1.5 = 15 × 1.02962 / 0.405465 = 38.09 months, not 20 to 26.
    [InlineData("time-bomb.floor-date", 38.0903, "arithmetic-error")]
    // 72.2 / ((70 + 64 × 2.2) / 64) = 72.2 / 3.29375 = 21.92; with 0.3355 GB a request it is 49.
    [InlineData("time-bomb.batch-64-gain", 21.9203, "wrong-input")]
    // 819,200 B × 8192 = 6.7109 GB.
    [InlineData("bill.kv-13b-8k", 6.71089, "reproduced")]
    // 197e12 / 819e9 = 240.5.
    [InlineData("bill.critical-batch-v5e", 240.537, "reproduced")]
    // 2,500 × 3,600 × 0.7 = 6.3 Mtok/h; $2.50 / 6.3 = $0.3968.
    [InlineData("bill.cost-70", 0.396825, "reproduced")]
    // 70 / 10 = 7, not 10.
    [InlineData("bill.idle-ten", 7, "arithmetic-error")]
    // 2,500 × 86,400 × 0.5 = 108 million, not several.
    [InlineData("bill.self-host-tokens", 108, "arithmetic-error")]
    // 278 × 8 × $2 × 24 = $106,752, not $87,000.
    [InlineData("bill.deepseek-cost", 106_752, "arithmetic-error")]
    // 266e3 × $0.55 + 342e3 × $0.14 + 168e3 × $2.19 = $146,300 + $47,880 + $367,920 = $562,100.
    [InlineData("bill.deepseek-revenue", 562_100, "reproduced")]
    // (562 − 87) / 87 = 545.98 %.
    [InlineData("bill.deepseek-margin", 545.977, "reproduced")]
    // 608e9 / 86,400 s / 73,700 = 95.48 nodes and 168e9 / 86,400 s / 14,800 = 131.38: 226.9 on average, fewer than 278.
    [InlineData("bill.deepseek-nodes", 226.865, "reproduced")]
    // 342 / 608 = 56.25 %.
    [InlineData("bill.deepseek-hits", 56.25, "reproduced")]
    // 131.38 / 95.48 = 1.376, not 18 / 4.
    [InlineData("bill.deepseek-pools", 1.37602, "arithmetic-error")]
    // (1 − 0.8^5) / (0.2 × 1.2) = 0.67232 / 0.24 = 2.801.
    [InlineData("bill.speculation", 2.80133, "reproduced")]
    // 70e9 × 0.5 B / 3.35 TB/s = 10.45 ms, more than the 8.2 in which it is said to be done.
    [InlineData("ainews.h100-latency", 10.4478, "arithmetic-error")]
    // 67.8 / 68.9 = 98.40 %, not 99.
    [InlineData("ainews.int4-accuracy", 98.4035, "arithmetic-error")]
    // 1 − 3.35 / 4.8 = 30.2 %.
    [InlineData("ainews.h200-cost", 30.2083, "reproduced")]
    // ($4.50 − $3.20) × 365 = $474.50.
    [InlineData("ainews.chatbot-saving", 474.5, "reproduced")]
    // (85 / 15)^(1/4) − 1 = 1.54288 − 1 = 54.3 %.
    [InlineData("ainews.market-growth", 54.2882, "reproduced")]
    // 10,000 × 3 kW = 30 MW, as the document has it; all-in an H100 takes 1.73 kW.
    [InlineData("ainews.data-centre-power", 30, "wrong-input")]
    public void TheDocumentsInputsGiveWhatTheWorkingSays(string id, double own, string verdict)
    {
        ClaimResult result = Audit(id);

        Assert.Equal(own, result.OwnValue!.Value, Math.Abs(own) * 1e-4);
        Assert.Equal(verdict, result.Verdict.Name());
    }

    [Theory]
    // 4096 tokens × 163,840 B = 0.67109 GB.
    [InlineData("cost.ctx-4k-kv", 0.671089)]
    // 0.67109 GB / 50 GB/s = 13.42 ms.
    [InlineData("cost.kv-transfer", 13.4218)]
    // 226.75 × 8 × $2 × 24 = $87,072, which DeepSeek published.
    [InlineData("bill.deepseek-cost", 87_072)]
    // 1979 / 3.35 = 590.7.
    [InlineData("time-bomb.h100-ridge", 590.746)]
    // 32 MB / 450 GB/s = 71.1 µs.
    [InlineData("cost.allreduce-time", 71.1111)]
    // 8 × 3.84 TB = 30.72 TB.
    [InlineData("cost.nand-node", 30.72)]
    // 10,000 × 1.73 kW = 17.3 MW.
    [InlineData("ainews.data-centre-power", 17.3)]
    // 32.24 / 14.8 = 2.178.
    [InlineData("bill.deepseek-gap", 2.17838)]
    public void CorrectInputsGiveWhatTheWorkingSays(string id, double correct) =>
        Assert.Equal(correct, Audit(id).CorrectValue!.Value, correct * 1e-4);

    private static ClaimResult Audit(string id)
    {
        ClaimSet all = ClaimCatalogue.All;
        return ClaimAudit.Run(all.Find(id)!, all);
    }
}
