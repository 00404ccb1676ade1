using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Physics;

namespace GpuDecodeBench.Economics.Futures;

/// <summary>
/// What a generation of devices brings to decoding. Inputs: <c>hbm_rate</c> [TB/s/GPU], <c>bf16_peak</c>, <c>fp8_peak</c>,
/// <c>fp4_peak</c> [TFLOP/s/GPU], <c>tdp</c> [W/GPU], <c>rent</c> [$/GPU/h], <c>intensity_one</c> and <c>intensity_batch</c> [FLOP/B] of a
/// step for one and for many sequences, and <c>usd_byte_before</c> and <c>energy_byte_before</c> of the generation before.
/// </summary>
public static class GenerationEquations
{
    private static readonly string[] Rates = ["bf16", "fp8", "fp4"];

    /// <summary>The equations.</summary>
    public static IReadOnlyList<Equation> All { get; } =
    [
        .. Rates.Select(rate => new Equation(
            $"ridge_{rate}",
            $"ridge, {rate}",
            "FLOP/B",
            $"{rate}_peak / hbm_rate",
            PhysicsEquations.RooflineModel
        )),
        .. Rates.Select(rate => new Equation(
            $"use_one_{rate}",
            $"arithmetic units in use for one sequence, {rate}",
            "%",
            $"min(1, intensity_one / ridge_{rate})"
        )),
        .. Rates.Select(rate => new Equation(
            $"use_batch_{rate}",
            $"arithmetic units in use for the batch, {rate}",
            "%",
            $"min(1, intensity_batch / ridge_{rate})"
        )),
        new("energy_byte", "design power over bandwidth", "J/TB", "tdp / hbm_rate"),
        new("usd_byte", "rent over bandwidth", "$/PB", "rent / hbm_rate"),
        new("energy_byte_fall", "fall of it since the generation before", "1", "energy_byte_before / energy_byte"),
        new("usd_byte_fall", "fall of it since the generation before", "1", "usd_byte_before / usd_byte"),
    ];
}
