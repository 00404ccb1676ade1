using System.Globalization;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>How kernels were chosen by trying: for each shape what would have been launched unseen, what is, and both times.</summary>
public static class TuningTable
{
    /// <summary>The table of a run; null where nothing was tried.</summary>
    public static ResultTable? From(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Tuning is not { Shapes.Count: > 0 } tuning)
        {
            return null;
        }

        return new TableSchema<TunedShape>()
            .Words("Operation", "operation", shape => ResultCell.Of(shape.Operation), drop: 3)
            .Words("Shape", "shape", shape => ResultCell.Of(shape.Shape))
            .Words("Guess", "guess", shape => ResultCell.Of(shape.Guess), drop: 4)
            .Number("Guess", "µs", "guessSeconds", shape => Microseconds(shape.GuessSeconds), drop: 2)
            .Words("Choice", "choice", shape => ResultCell.Of(shape.Choice))
            .Number("Choice", "µs", "chosenSeconds", shape => Microseconds(shape.ChosenSeconds))
            .Number("Saved", "%", "savedShare", shape => ResultCell.Of(Saved(shape), Quantity.Percent))
            .Number("Tried", null, "candidatesTried", shape => ResultCell.Of(shape.CandidatesTried), drop: 1)
            .Words(
                "Reused",
                "reused",
                shape => shape.Reused ? ResultCell.Of("yes", "true") : ResultCell.Of("no", "false"),
                drop: 5
            )
            .Build($"Kernels chosen by trying: {record.Device.Name}", tuning.Shapes, Captions(tuning));
    }

    private static double Saved(TunedShape shape) => 1 - (shape.ChosenSeconds / shape.GuessSeconds);

    private static List<string> Captions(TuningRecord tuning)
    {
        int others = tuning.Shapes.Count(shape => shape.Choice != shape.Guess);
        int reused = tuning.Shapes.Count(shape => shape.Reused);
        List<string> captions =
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"{others} of {tuning.Shapes.Count} shapes are launched otherwise than guessed; trying took {tuning.Seconds:0.0} s."
            ),
            "Times are medians of one execution, cold: they are what the choice rests on, and no part of a step's time.",
        ];
        if (reused > 0)
        {
            captions.Add($"{reused} reused from an earlier run: their times are that run's.");
        }

        if (tuning.EndedByLimit)
        {
            captions.Add("The time limit left shapes or ways untried; those are launched as guessed.");
        }

        return captions;
    }

    private static ResultCell Microseconds(double seconds) =>
        ResultCell.Of(seconds, value => Quantity.Digits(value * 1e6));
}
