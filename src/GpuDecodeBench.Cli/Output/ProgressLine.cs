using System.Diagnostics;
using GpuDecodeBench.Measurement.Doctor;

namespace GpuDecodeBench.Cli.Output;

/// <summary>Shows the doctor's progress on standard error: one line that is rewritten on a terminal, plain lines elsewhere.</summary>
internal sealed class ProgressLine(TextWriter error, bool isTerminal) : IDoctorObserver
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch _sinceShown = Stopwatch.StartNew();
    private string _stage = "";
    private bool _isOpen;

    /// <inheritdoc />
    public void OnProgress(string stage, double? fraction)
    {
        bool isNew = stage != _stage;
        if (!isNew && (!isTerminal || _sinceShown.Elapsed < s_interval))
        {
            return;
        }

        _stage = stage;
        _sinceShown.Restart();
        if (!isTerminal)
        {
            error.WriteLine(stage);
            return;
        }

        error.Write("\r\u001b[K" + (fraction is double share ? $"{stage} {share, 4:P0}" : stage));
        _isOpen = true;
    }

    /// <summary>Takes the line away.</summary>
    public void Close()
    {
        if (_isOpen)
        {
            error.Write("\r\u001b[K");
            _isOpen = false;
        }
    }
}
