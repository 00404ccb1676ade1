namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>Follows an examination.</summary>
public interface IDoctorObserver
{
    /// <summary>Something begins, or goes on.</summary>
    /// <param name="stage">What, in a few words.</param>
    /// <param name="fraction">The share that is done; null where that is not known.</param>
    void OnProgress(string stage, double? fraction);
}
