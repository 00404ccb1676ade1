namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>
/// Orders a graph so that strongly connected parts stand together, each with its head first and ordered the same way
/// inside once edges to the head are cut.
/// </summary>
internal sealed class WeakTopologicalOrder(int count, Func<int, List<int>> successors)
{
    // 0 is unvisited; int.MaxValue is placed.
    private readonly int[] _number = new int[count];
    private readonly Stack<int> _stack = new();
    private readonly Stack<Frame> _frames = new();
    private int _next;

    public List<int> From(int root)
    {
        var reversed = new List<int>();
        Visit(root, reversed);
        reversed.Reverse();
        return reversed;
    }

    // The recursion of the textbook, on a stack of its own: kernels unrolled by the compiler have thousands of blocks.
    private void Visit(int root, List<int> output)
    {
        Enter(root, output);
        var returned = 0;
        var hasReturned = false;
        while (_frames.Count > 0)
        {
            var frame = _frames.Peek();
            if (hasReturned)
            {
                frame.Low(returned);
                hasReturned = false;
            }
            if (frame.Component is not null)
            {
                ContinueComponent(frame);
                continue;
            }
            if (frame.Index < frame.Successors.Count)
            {
                var successor = frame.Successors[frame.Index++];
                if (_number[successor] == 0)
                {
                    Enter(successor, frame.Output);
                }
                else
                {
                    frame.Low(_number[successor]);
                }
                continue;
            }
            if (!Finish(frame))
            {
                continue;
            }
            _frames.Pop();
            // A component's inner visits hand nothing up: its head starts them afresh.
            hasReturned = _frames.Count > 0 && _frames.Peek().Component is null;
            returned = frame.Head;
        }
    }

    private void Enter(int node, List<int> output)
    {
        _stack.Push(node);
        _number[node] = ++_next;
        _frames.Push(new(node, successors(node), output, _next));
    }

    /// <summary>True where the frame is done; false where its component is to be ordered first.</summary>
    private bool Finish(Frame frame)
    {
        if (frame.Head != _number[frame.Node])
        {
            return true;
        }
        _number[frame.Node] = int.MaxValue;
        var element = _stack.Pop();
        if (!frame.Loop)
        {
            frame.Output.Add(frame.Node);
            return true;
        }
        while (element != frame.Node)
        {
            _number[element] = 0;
            element = _stack.Pop();
        }
        frame.Component = [];
        frame.Index = 0;
        return false;
    }

    private void ContinueComponent(Frame frame)
    {
        while (frame.Index < frame.Successors.Count)
        {
            var successor = frame.Successors[frame.Index++];
            if (_number[successor] == 0)
            {
                Enter(successor, frame.Component!);
                return;
            }
        }
        frame.Output.AddRange(frame.Component!);
        frame.Output.Add(frame.Node);
        _frames.Pop();
    }

    private sealed class Frame(int node, List<int> successors, List<int> output, int number)
    {
        public int Node { get; } = node;

        public List<int> Successors { get; } = successors;

        public List<int> Output { get; } = output;

        public int Index { get; set; }

        public int Head { get; private set; } = number;

        public bool Loop { get; private set; }

        public List<int>? Component { get; set; }

        public void Low(int number)
        {
            if (number <= Head)
            {
                Head = number;
                Loop = true;
            }
        }
    }
}
