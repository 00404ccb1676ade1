using System.Runtime.InteropServices;

namespace GpuDecodeBench.Cli;

/// <summary>
/// Turns Ctrl-C and a termination signal into a cancellation: the first ends the measurement and saves what there is, the
/// second ends the process at once.
/// </summary>
public sealed class CancellationSource : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>The cancellation.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>A source that listens to the terminal and to the system.</summary>
    public static CancellationSource ForTerminal()
    {
        var source = new CancellationSource();
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            source._registrations.Add(PosixSignalRegistration.Create(signal, source.OnSignal));
        }

        return source;
    }

    /// <summary>Cancels, as a signal does.</summary>
    public void Cancel() => _source.Cancel();

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // The second signal is left to the system, which ends the process.
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
