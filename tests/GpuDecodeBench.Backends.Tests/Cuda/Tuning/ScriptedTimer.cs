using GpuDecodeBench.Backends.Cuda.Tuning;

namespace GpuDecodeBench.Backends.Tests.Cuda.Tuning;

/// <summary>A timer whose candidates take as long as a test says, and whose clock is the sum of that.</summary>
/// <param name="secondsOf">Seconds of a shape's candidate in a turn.</param>
internal sealed class ScriptedTimer(Func<string, int, int, double> secondsOf) : ITuningTimer
{
    public double ElapsedSeconds { get; private set; }

    /// <summary>What was timed, in order.</summary>
    public List<(string Shape, int Candidate, int Turn)> Log { get; } = [];

    public List<(string Shape, int Candidate)> Prepared { get; } = [];

    public void Prepare(TuningTask task, int candidate) => Prepared.Add((task.Shape, candidate));

    public double Seconds(TuningTask task, int candidate, int turn)
    {
        Assert.Contains((task.Shape, candidate), Prepared);
        Log.Add((task.Shape, candidate, turn));
        double seconds = secondsOf(task.Shape, candidate, turn);
        ElapsedSeconds += seconds;
        return seconds;
    }
}
