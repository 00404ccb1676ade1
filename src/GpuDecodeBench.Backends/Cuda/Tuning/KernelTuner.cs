namespace GpuDecodeBench.Backends.Cuda.Tuning;

/// <summary>
/// Finds the fastest candidate of each shape. Each is timed in turns with the best so far, and takes its place only when it is
/// clearly faster; the winner must beat the guess once more at the end.
/// </summary>
internal sealed class KernelTuner(ITuningTimer timer, double limitSeconds, CancellationToken cancellation)
{
    /// <summary>Turns of a comparison; its verdict is the median of their ratios.</summary>
    internal const int Turns = 5;

    /// <summary>A candidate takes the best one's place when it takes less than this share of its time.</summary>
    internal const double ClearlyFaster = 0.99;

    /// <summary>A candidate whose first turn takes this many times the best one's gets no second.</summary>
    internal const double Hopeless = 1.25;

    /// <summary>Whether the limit left a candidate untried.</summary>
    public bool EndedByLimit { get; private set; }

    private bool IsOver => timer.ElapsedSeconds >= limitSeconds;

    /// <summary>Tries the shapes in the order given until the limit; those that it does not come to are left out.</summary>
    public IEnumerable<TuningEntry> Tune(IReadOnlyList<TuningTask> tasks)
    {
        foreach (TuningTask task in tasks)
        {
            if (Tune(task) is TuningEntry entry)
            {
                yield return entry;
            }

            if (EndedByLimit)
            {
                yield break;
            }
        }
    }

    private TuningEntry? Tune(TuningTask task)
    {
        int best = 0;
        int tried = 1;
        List<double> guessTimes = [];
        for (int candidate = 1; candidate < task.Candidates.Count; candidate++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (IsOver)
            {
                EndedByLimit = true;
                break;
            }

            if (tried == 1)
            {
                timer.Prepare(task, 0);
            }

            timer.Prepare(task, candidate);
            tried++;
            Comparison comparison = Compare(task, best, candidate);
            if (best == 0)
            {
                guessTimes.AddRange(comparison.Best);
            }

            if (comparison.IsClearlyFaster)
            {
                best = candidate;
            }
        }

        if (tried == 1)
        {
            return null;
        }

        double guess = Median(guessTimes);
        double chosen = guess;
        if (best > 0)
        {
            Comparison last = Compare(task, 0, best);
            guess = Median(last.Best);
            chosen = last.IsClearlyFaster ? Median(last.Candidate) : guess;
            best = last.IsClearlyFaster ? best : 0;
        }

        return new TuningEntry
        {
            Operation = task.Kind,
            Shape = task.Shape,
            Guess = task.Candidates[0],
            Choice = task.Candidates[best],
            GuessSeconds = guess,
            ChosenSeconds = chosen,
            CandidatesTried = tried,
        };
    }

    private Comparison Compare(TuningTask task, int best, int candidate)
    {
        var comparison = new Comparison([], []);
        for (int turn = 0; turn < Turns; turn++)
        {
            // Every other turn goes backwards, so that neither always follows the other.
            if (turn % 2 == 0)
            {
                comparison.Best.Add(timer.Seconds(task, best, turn));
                comparison.Candidate.Add(timer.Seconds(task, candidate, turn));
            }
            else
            {
                comparison.Candidate.Add(timer.Seconds(task, candidate, turn));
                comparison.Best.Add(timer.Seconds(task, best, turn));
            }

            if (turn == 0 && comparison.Candidate[0] > Hopeless * comparison.Best[0])
            {
                break;
            }
        }

        return comparison;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private sealed record Comparison(List<double> Best, List<double> Candidate)
    {
        public bool IsClearlyFaster
        {
            get
            {
                double ratio = Median(Candidate.Zip(Best, (candidate, best) => candidate / best));
                return ratio <= ClearlyFaster;
            }
        }
    }
}
