using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Layers;

/// <summary>
/// The rate that is priced, with what it rests on. Where devices share each layer, the step is its operations and then the link, and
/// the rate follows from both by equations, so that a derivation shows the link's part and its latency can be varied.
/// </summary>
/// <param name="Inputs">The inputs; <c>rate</c> itself where nothing else is known or needed.</param>
/// <param name="Equations">The equations; none where the rate is an input.</param>
internal sealed record StepRate(IReadOnlyList<ModelInput> Inputs, IReadOnlyList<Equation> Equations)
{
    private static readonly Equation[] WithLink =
    [
        LinkEquations.Time,
        new("t_busy", "step: operations, then the link", "ms", "t_operations + t_link"),
        new("rate", "output tokens while busy", "tok/s", "sequences × 1[tok] / t_busy"),
    ];

    private static readonly Equation[] Split =
    [
        new(
            "t_operations",
            "operations on each of the devices",
            "ms",
            "t_measured × split",
            "as long a time for each byte as was measured; what a device does besides reading is taken to shrink with it"
        ),
        .. WithLink,
    ];

    /// <summary>A rate that is known as it is.</summary>
    public static StepRate Of(
        double tokensPerSecond,
        ProvenanceNote provenance,
        string name = "output tokens while busy"
    ) => new([new ModelInput("rate", name, "tok/s", tokensPerSecond, provenance)], []);

    /// <summary>The rate of a prediction.</summary>
    public static StepRate Of(RooflinePrediction prediction)
    {
        if (prediction.LinkSeconds is null or 0)
        {
            string[] left =
            [
                .. prediction.LinkSeconds is null ? (string[])["the link"] : [],
                .. prediction.LeavesArithmeticOut ? (string[])["arithmetic"] : [],
            ];
            string name =
                left.Length == 0
                    ? ""
                    : $"; {string.Join(" and ", left)} {(left.Length == 1 ? "is" : "are")} not counted";
            return Of(prediction.TokensPerSecond, prediction.Provenance, $"output tokens while busy, at most{name}");
        }

        return new StepRate(
            [
                Sequences(prediction.Plan.Conditions.Batch),
                new ModelInput(
                    "t_operations",
                    prediction.LeavesArithmeticOut
                        ? "operations on each of the devices, at least; arithmetic is not counted"
                        : "operations on each of the devices, at least",
                    "ms",
                    prediction.Step.Seconds * 1e3,
                    prediction.Provenance
                ),
                .. LinkEquations.Inputs(prediction.Plan, prediction.Hardware.ToSpecification()),
            ],
            WithLink
        );
    }

    /// <summary>The rate of a measured step that is split over more devices.</summary>
    public static StepRate Of(TensorProjection projection) =>
        new(
            [
                Sequences(projection.Plan.Conditions.Batch),
                new ModelInput(
                    "t_measured",
                    "the measured step",
                    "ms",
                    projection.MeasuredSeconds * 1e3,
                    ProvenanceNote.Extrapolated(projection.Detail)
                ),
                new ModelInput(
                    "split",
                    "bytes that a device reads, over those of the measured step",
                    "1",
                    projection.ByteShare,
                    ProvenanceNote.Derived("from the plans")
                ),
                .. LinkEquations.Inputs(projection.Plan, projection.Specification),
            ],
            Split
        );

    private static ModelInput Sequences(int batch) =>
        new("sequences", "sequences decoded together", "1", batch, ProvenanceNote.Derived("from the plan"));
}
