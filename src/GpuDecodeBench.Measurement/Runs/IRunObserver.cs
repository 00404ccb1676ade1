using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>Follows a run as it goes.</summary>
public interface IRunObserver
{
    /// <summary>The run is at a new place. Called often.</summary>
    void OnProgress(RunProgress progress);

    /// <summary>Something that the user should read, one sentence.</summary>
    void OnNote(string note);

    /// <summary>The record has changed: it holds one more point, or its head is complete. Worth saving.</summary>
    void OnRecord(RunRecord record);
}
