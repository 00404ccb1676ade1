using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Tests.Runs;

/// <summary>Keeps everything that a run reports.</summary>
internal sealed class RecordingObserver : IRunObserver
{
    public List<RunProgress> Progress { get; } = [];

    public List<string> Notes { get; } = [];

    public List<RunRecord> Records { get; } = [];

    public void OnProgress(RunProgress progress) => Progress.Add(progress);

    public void OnNote(string note) => Notes.Add(note);

    public void OnRecord(RunRecord record) => Records.Add(record);
}
