using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Reporting.Tests;

/// <summary>The runs that the golden files show.</summary>
internal static class TestRuns
{
    public const string Hostile = "[red]x[/] | \"q\" <script>\r\n=1+1,\u001b[31m`*_";

    /// <summary>Sixteen bits, a quantised point, an extrapolated one at a larger batch, and an invalid one.</summary>
    public static RunRecord Mixed() =>
        RecordBuilder.Gpu(
            RecordBuilder.Point("bf16"),
            RecordBuilder.Point("fp8", seconds: 0.0025, bytes: 8e9),
            RecordBuilder.Extrapolated(RecordBuilder.Point("fp8", batch: 8, seconds: 0.004, bytes: 12e9)) with
            {
                RecordedWarnings = ["drifting"],
            },
            RecordBuilder.Invalid(
                RecordBuilder.Point("int4", batch: 8, seconds: 0.003),
                "verificationFailed",
                "clockTooLow"
            )
        );

    /// <summary>Names and notes that try to be markup, Markdown, HTML, CSV and terminal codes; nothing optional is known.</summary>
    public static RunRecord Nasty()
    {
        PointRecord point = RecordBuilder.Point() with
        {
            FullStepCi95Low = null,
            FullStepCi95High = null,
            MbuOfSpec = null,
            MbuOfCeiling = null,
            RooflineSeconds = null,
            OperationsSecondsOverStep = null,
            Operations = [],
            ThrottleReasons = [Hostile],
        };
        RunRecord record = RecordBuilder.Cpu(point);
        return record with
        {
            Model = record.Model with { Name = Hostile },
            Device = record.Device with { Name = Hostile, Backend = "emulator" },
            Ceilings = record.Ceilings with { ReadBytesPerSecond = Figure.Unavailable("notMeasured") },
            Notes = [Hostile],
        };
    }

    /// <summary>A CPU's run with three samples of a step of the whole model, and a point of 8 of 32 layers.</summary>
    public static RunRecord Sampled() =>
        RecordBuilder.Cpu(
            RecordBuilder.Point("int4", batch: 2, context: 1025) with
            {
                SamplesSeconds = [0.004, 0.005, 0.0045],
            },
            RecordBuilder.Extrapolated(RecordBuilder.Point(kv: "bf16"))
        );

    /// <summary>A run with a shape that stays as guessed, one that does not, and one of an earlier run; the limit came.</summary>
    public static RunRecord Tuned() =>
        Mixed() with
        {
            Tuning = new TuningRecord
            {
                Seconds = 2.94,
                EndedByLimit = true,
                Shapes =
                [
                    Shape(
                        "linear",
                        "fp8 4096x14336, 1 token",
                        "mma t8, 2 teams a tile",
                        "fma t1, 4 teams a tile",
                        21e-6,
                        18.5e-6
                    ),
                    Shape(
                        "linear",
                        "bf16 128256x4096, 1 token",
                        "mma t8, 1 team a tile",
                        "mma t8, 1 team a tile",
                        333e-6,
                        333e-6
                    ),
                    Shape(
                        "attention",
                        "bf16 32/8x128, context 8192",
                        "mma h4, 16 splits",
                        "mma h4, 32 splits",
                        40e-6,
                        25e-6
                    ) with
                    {
                        Reused = true,
                    },
                ],
            },
        };

    private static TunedShape Shape(
        string operation,
        string shape,
        string guess,
        string choice,
        double guessSeconds,
        double chosenSeconds
    ) =>
        new()
        {
            Operation = operation,
            Shape = shape,
            Guess = guess,
            Choice = choice,
            GuessSeconds = guessSeconds,
            ChosenSeconds = chosenSeconds,
            CandidatesTried = 8,
            Reused = false,
        };

    /// <summary>
    /// A step of 200 ms over some of 32 layers: gate_up_proj takes 90 ms, once a layer, and could take 51; lm_head takes 100 ms, and could
    /// take 60. The whole step is 900 ms, as four like layers make it.
    /// </summary>
    public static PointRecord FourLayers(int measured = 4, double fullSeconds = 0.9)
    {
        PointRecord point = RecordBuilder.Point(seconds: 0.2);
        OperationRecord operation = point.Operations[0];
        return point with
        {
            LayersMeasured = measured,
            FullStepSeconds = fullSeconds,
            FullStepCi95Low = fullSeconds * 0.99,
            FullStepCi95High = fullSeconds * 1.01,
            RecordedTokensPerSecond = 1 / fullSeconds,
            RecordedTokensPerSecondPerUser = 1 / fullSeconds,
            Operations =
            [
                operation with
                {
                    Count = measured,
                    Seconds = 0.09,
                    RooflineSeconds = 0.051,
                },
                operation with
                {
                    Name = "lm_head",
                    Count = 1,
                    Seconds = 0.1,
                    RooflineSeconds = 0.06,
                },
            ],
        };
    }

    public static IReadOnlyList<CostResult> Costs(RunRecord record, bool includeInvalid = false) =>
        RecordCost.All(
            record,
            new CostOptions { Utilization = UserFigure.Create(0.5, "--utilization"), IncludeInvalid = includeInvalid }
        );
}
