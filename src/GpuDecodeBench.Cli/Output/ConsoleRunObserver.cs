using System.Diagnostics;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Cli.Output;

/// <summary>
/// Shows a run's progress on standard error: one line that is rewritten on a terminal, plain lines elsewhere. Saves the record
/// whenever it changes.
/// </summary>
public sealed class ConsoleRunObserver(TextWriter error, bool isTerminal, RunDirectory directory) : IRunObserver
{
    private static readonly TimeSpan s_rewriteInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_plainInterval = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _sinceShown = Stopwatch.StartNew();
    private string _stage = "";
    private bool _lineIsOpen;

    /// <summary>Why the record could not be saved; null where it was.</summary>
    public RecordWriteException? WriteFailure { get; private set; }

    /// <inheritdoc />
    public void OnProgress(RunProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        bool newStage = progress.Stage != _stage;
        TimeSpan interval = isTerminal ? s_rewriteInterval : s_plainInterval;
        if (!newStage && _sinceShown.Elapsed < interval)
        {
            return;
        }

        _stage = progress.Stage;
        _sinceShown.Restart();
        string line = Describe(progress);
        if (!isTerminal)
        {
            error.WriteLine(line);
            return;
        }

        int width = Math.Max(20, Console.WindowWidth - 1);
        error.Write("\r\u001b[K" + (line.Length > width ? line[..width] : line));
        _lineIsOpen = true;
    }

    /// <inheritdoc />
    public void OnNote(string note)
    {
        CloseLine();
        error.WriteLine(note);
    }

    /// <inheritdoc />
    public void OnRecord(RunRecord record)
    {
        try
        {
            directory.Write(record);
            WriteFailure = null;
        }
        catch (RecordWriteException exception)
        {
            if (WriteFailure is null)
            {
                OnNote($"{exception.Message} The measurement goes on; its results are printed at the end.");
            }

            WriteFailure = exception;
        }
    }

    /// <summary>Takes the progress line away, so that what follows starts on a clean one.</summary>
    public void CloseLine()
    {
        if (_lineIsOpen)
        {
            error.Write("\r\u001b[K");
            _lineIsOpen = false;
        }
    }

    private static string Describe(RunProgress progress)
    {
        string line = progress.Stage;
        if (progress.Fraction is double fraction)
        {
            line += $" {fraction, 4:P0}";
        }

        if (progress.SecondsLeft is double left)
        {
            line += $", about {Math.Ceiling(left):0} s left";
        }

        return progress.Latest is null ? line : $"{line} | {progress.Latest}";
    }
}
