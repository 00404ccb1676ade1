using System.Runtime.InteropServices;

namespace GpuDecodeBench.Cli;

/// <summary>
/// Turns Ctrl-C and a termination signal into a cancellation: the first ends the measurement and saves what there is, the
/// second ends the process at once. It does so once somebody has asked for the cancellation; a process that has nothing to save the system
/// ends at the first.
/// </summary>
public sealed class CancellationSource : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private bool _listensWhenAsked;

    /// <summary>The cancellation.</summary>
    public CancellationToken Token
    {
        get
        {
            Listen();
            return _source.Token;
        }
    }

    /// <summary>A source that listens to the terminal and to the system.</summary>
    public static CancellationSource ForTerminal() => new() { _listensWhenAsked = true };

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

    private void Listen()
    {
        if (!_listensWhenAsked)
        {
            return;
        }

        _listensWhenAsked = false;
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        // The second signal is left to the system, which ends the process.
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
