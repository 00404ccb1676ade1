namespace GpuDecodeBench.Economics.Calibration;

/// <summary>How far the truth may be from a calibrated prediction, and by what. Fractions of the predicted step.</summary>
public sealed record ErrorEstimate
{
    /// <summary>What measured points showed that the calibration had not seen.</summary>
    public required double LeaveOneOut { get; init; }

    /// <summary>What another model adds; 0 for one that was measured.</summary>
    public required double Model { get; init; }

    /// <summary>What a context outside those measured adds.</summary>
    public required double Context { get; init; }

    /// <summary>The bounds between and beyond measured intensities: batches that were not measured.</summary>
    public required double Band { get; init; }

    /// <summary>What operations add whose kind was not measured.</summary>
    public required double StandIn { get; init; }

    /// <summary>Whether <see cref="Model"/> is assumed, because one model was measured.</summary>
    public required bool IsModelAssumed { get; init; }

    /// <summary>Whether the batch or the context lies outside those measured.</summary>
    public required bool IsOutside { get; init; }

    /// <summary>
    /// All together: what is scatter adds up as squares, bounds and what is not known come on top in full
    /// (<see cref="CalibrationEquations"/>).
    /// </summary>
    public double Fraction => CalibrationEquations.Combine(this);

    /// <summary>The parts in words, for example <c>1.8 % on points left out, 12 % batch not measured</c>.</summary>
    public string Describe()
    {
        (double Part, string Words)[] parts =
        [
            (LeaveOneOut, "on measured points left out"),
            (Model, IsModelAssumed ? "another model (assumed: one was measured)" : "another model"),
            (Context, "a context outside those measured"),
            (Band, "a batch that was not measured"),
            (StandIn, "operations that were not measured"),
        ];
        return string.Join(
            ", ",
            parts
                .Where(part => part.Part > 0)
                .Select(part => $"{SignificantDigits.Format(part.Part * 100, 2)} % {part.Words}")
        );
    }
}
