using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Tests;

/// <summary>Inputs of a cost with round numbers.</summary>
internal static class TestCosts
{
    public static Figure Given(double value) => UserFigure.Create(value, "--argument");

    public static CostConditions Conditions(double utilization = 0.5) =>
        new()
        {
            Model = "llama-3.1-8b",
            Weights = "fp8",
            LmHead = "bf16",
            Kv = "fp16",
            ContextTokens = 8192,
            Batch = 8,
            Utilization = utilization,
            Hardware = new HardwareUnits("NVIDIA H200"),
        };

    /// <summary>$3.60 an hour, 1000 tokens/s, half used.</summary>
    public static TokenCost Cost(Figure? price = null, Figure? utilization = null, ProvenanceNote? note = null) =>
        TokenCost.Compute(
            price ?? Given(3.6),
            utilization ?? Given(0.5),
            1000,
            note ?? ProvenanceNote.Measured(),
            Conditions()
        );
}
