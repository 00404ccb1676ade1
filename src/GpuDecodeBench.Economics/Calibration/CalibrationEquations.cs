using System.Globalization;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Calibration;

/// <summary>A calibrated prediction as equations: from the parameters by operation to the step, the rate of tokens and the error.</summary>
internal static class CalibrationEquations
{
    /// <summary>The symbol of the step's time.</summary>
    public const string Step = "t_step";

    /// <summary>The symbol of the rate of tokens.</summary>
    public const string Rate = "rate";

    /// <summary>The symbol of the error estimate of the median step.</summary>
    public const string Error = "e_step";

    /// <summary>The symbol of the error estimate of the rate, which is over the mean step.</summary>
    public const string RateErrorSymbol = "e_rate";

    private static readonly Equation s_error = new(
        Error,
        "error estimate, of the step",
        "%",
        "sqrt(e_left × e_left + e_model × e_model + e_context × e_context) + e_bounds + e_stand_in",
        "scatter adds up as squares; bounds and what is not known come on top in full"
    );

    private static readonly Equation s_rateError = new(
        RateErrorSymbol,
        "error estimate, of the rate",
        "%",
        $"sqrt({Error} × {Error} + e_mean × e_mean)",
        "how far slow steps lift the mean above the median scatters by itself"
    );

    private static readonly EquationSystem s_rateErrors = EquationSystem.Create(
        [new ModelInput(Error, s_error.Name, "%", 0, ProvenanceNote.Derived()), MeanErrorInput(0)],
        [s_rateError]
    );

    private static readonly EquationSystem s_errors = EquationSystem.Create(
        ErrorInputs(
            new ErrorEstimate
            {
                LeaveOneOut = 0,
                Model = 0,
                Context = 0,
                Band = 0,
                StandIn = 0,
                IsModelAssumed = false,
                IsOutside = false,
            }
        ),
        [s_error]
    );

    /// <summary>The parts of an error estimate together, a fraction.</summary>
    public static double Combine(ErrorEstimate error) =>
        s_errors.Evaluate(
            ErrorInputs(error).ToDictionary(input => input.Symbol, input => input.Value!.Value, StringComparer.Ordinal)
        )[Error] / 100;

    /// <summary>The error of a rate, a fraction.</summary>
    /// <param name="step">The error of the median step, a fraction.</param>
    /// <param name="mean">How the ratio of the mean step to the median scatters, a fraction.</param>
    public static double RateError(double step, double mean) =>
        s_rateErrors.Evaluate(
            new Dictionary<string, double>(StringComparer.Ordinal) { [Error] = step * 100, ["e_mean"] = mean * 100 }
        )[RateErrorSymbol] / 100;

    /// <summary>The equations and inputs of a prediction; step, rate and errors follow from them.</summary>
    public static EquationSystem Of(CalibratedPrediction prediction)
    {
        var inputs = new Dictionary<string, ModelInput>(StringComparer.Ordinal);
        var equations = new List<Equation>();
        ProvenanceNote plan = ProvenanceNote.Derived("from the plan of the step");
        IReadOnlyList<CalibrationOperation> operations = CalibrationOperation.Of(prediction.Plan);
        foreach (CalibrationOperation operation in operations)
        {
            Add(operation, prediction.Report.Calibration.For(operation.Class), plan, inputs, equations);
        }

        string[] times = [.. equations.Select(equation => equation.Symbol)];
        ModelInput[] all =
        [
            .. inputs.Values,
            new("runs", "executions in the step", "1", operations.Sum(operation => operation.Count), plan),
            new(
                "gap",
                "time between operations",
                "µs",
                prediction.Report.Calibration.GapSeconds * 1e6,
                Carried("fitted to measured steps")
            ),
            new("batch", "sequences", "tok", prediction.Plan.Conditions.Batch, plan),
            new(
                "mean_ratio",
                "mean step over the median, of the measured points",
                "1",
                prediction.Report.MeanStep.Ratio,
                Carried("the mean of the points' ratios")
            ),
            MeanErrorInput(prediction.Report.MeanStep.Fraction),
            .. ErrorInputs(prediction.Error),
        ];
        return EquationSystem.Create(
            all,
            [
                .. equations,
                new("t_ops", "all operations", "ms", string.Join(" + ", times)),
                new(
                    "t_gap",
                    "between operations",
                    "ms",
                    $"max(runs × gap, max({string.Join(", ", times.Append("0[ms]"))}) - t_ops)",
                    "a step is no shorter than its longest operation"
                ),
                new(Step, "step, the median", "ms", "t_ops + t_gap"),
                new("t_mean", "mean step", "ms", $"{Step} × mean_ratio", "slow steps are paid for, too"),
                new(Rate, "output tokens while busy", "tok/s", "batch / t_mean"),
                s_error,
                s_rateError,
            ]
        );
    }

    private static void Add(
        CalibrationOperation operation,
        ClassTimes times,
        ProvenanceNote plan,
        Dictionary<string, ModelInput> inputs,
        List<Equation> equations
    )
    {
        string name = Symbol(operation.Name);
        string kind = Symbol($"{times.Class}");
        string of =
            operation.Class == times.Class ? $"{times.Class}" : $"{times.Class}, standing in for {operation.Class}";
        ProvenanceNote fitted = Carried($"fitted to {times.Operations} measured operations");
        string formula = $"n_{name} × o_{kind} + m_{name} × a_{kind}";
        Give($"n_{name}", $"executions of {operation.Name}", "1", operation.Count, plan);
        Give($"o_{kind}", $"each execution of {of}", "µs", times.OverheadSeconds * 1e6, fitted);
        Give($"m_{name}", $"other bytes of {operation.Name}", "MB", operation.OtherBytes / 1e6, plan);
        Give($"a_{kind}", $"each other byte of {of}", "ns/B", times.SecondsPerOtherByte * 1e9, fitted);
        if (times.Curve is RateCurve curve && operation.StreamedBytes > 0)
        {
            RateBand band = curve.At(operation.Intensity);
            formula += $" + b_{name} × s_{name}";
            Give($"b_{name}", $"streamed bytes of {operation.Name}", "MB", operation.StreamedBytes / 1e6, plan);
            Give(
                $"s_{name}",
                $"each streamed byte of {of} at {SignificantDigits.Format(operation.Intensity, 3)} FLOP/B",
                "ns/B",
                band.SecondsPerByte * 1e9,
                band.HalfWidthSecondsPerByte > 0 ? Between(band) : fitted
            );
        }

        equations.Add(new Equation($"t_{name}", operation.Name, "ms", formula));

        void Give(string symbol, string words, string unit, double value, ProvenanceNote note) =>
            inputs.TryAdd(symbol, new ModelInput(symbol, words, unit, value, note));
    }

    /// <summary>
    /// A parameter is derived where it was fitted; here it is carried over to a step that was not measured, and so are the times
    /// that follow from it.
    /// </summary>
    private static ProvenanceNote Carried(string fitted) =>
        ProvenanceNote.Extrapolated($"{fitted}, carried over to a step that was not");

    private static ProvenanceNote Between(RateBand band) =>
        ProvenanceNote.Extrapolated(
            string.Create(
                CultureInfo.InvariantCulture,
                $"between the bounds {SignificantDigits.Format(band.LowSecondsPerByte * 1e9, 3)} and {SignificantDigits.Format(band.HighSecondsPerByte * 1e9, 3)} ns/B"
            )
        );

    private static ModelInput MeanErrorInput(double fraction) =>
        new(
            "e_mean",
            "how far nine in ten points' mean steps lie from that ratio at most",
            "%",
            fraction * 100,
            ProvenanceNote.Derived("the ratios of the points in use")
        );

    private static ModelInput[] ErrorInputs(ErrorEstimate error)
    {
        ProvenanceNote shown = ProvenanceNote.Derived("errors of points that were left out");
        ProvenanceNote assumed = ProvenanceNote.Assumed("an estimate of this program's authors");
        return
        [
            new("e_left", "error on points left out", "%", error.LeaveOneOut * 100, shown),
            new("e_model", "another model", "%", error.Model * 100, error.IsModelAssumed ? assumed : shown),
            new("e_context", "a context outside those measured", "%", error.Context * 100, shown),
            new(
                "e_bounds",
                "a batch that was not measured",
                "%",
                error.Band * 100,
                ProvenanceNote.Derived("from bounds")
            ),
            new(
                "e_stand_in",
                "operations that were not measured",
                "%",
                error.StandIn * 100,
                error.StandIn > 0 ? assumed : shown
            ),
        ];
    }

    private static string Symbol(string name) =>
        string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
}
