namespace GpuDecodeBench.Backends.Cuda;

/// <summary>How many blocks of so many threads of a module's kernel a device runs at a time.</summary>
internal delegate int BlocksAtOnce(string module, string kernel, int threads);
