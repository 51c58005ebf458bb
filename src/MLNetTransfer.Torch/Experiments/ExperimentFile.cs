using System.Globalization;
using System.Reflection;
using System.Text.Json;
using MLNetTransfer.Backbones;
using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>Reads an experiment's file and checks all that can be checked without opening an image.</summary>
internal static class ExperimentFile
{
    private const string All = "all";
    private static readonly string[] Names =
        ["title", "domains", "pairs", "classes", "backbones", "cuts", "methods", "exclude", "scorers", "seeds", "sourcePerClass", "shots", "scaling", "l2"];

    private static readonly Dictionary<string, FeatureScaling> Scalings =
        new() { ["none"] = FeatureScaling.None, ["source"] = FeatureScaling.Source, ["each-domain"] = FeatureScaling.EachDomain };

    public static Experiment Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        using var document = Parse(file);
        var root = new FileNode(document.RootElement, "$", file);
        root.Members(Names);
        var folder = Path.GetDirectoryName(file) ?? "";
        var domains = Domains(root.Require("domains"), folder);
        string[] names = [.. domains.Select(domain => domain.Name)];
        var shots = root.Find("shots")?.Whole(0) ?? 0;
        return new Experiment
        {
            File = file,
            Title = root.Find("title")?.Text("a text") ?? Path.GetFileNameWithoutExtension(file),
            Domains = domains,
            Pairs = Pairs(root.Require("pairs"), names),
            Classes = root.Find("classes") is { } classes ? Classes(classes) : null,
            Backbones = root.Find("backbones")?.Distinct("names or ONNX files", node => Backbone(node, folder)) ?? ["embedded"],
            Cuts = root.Find("cuts")?.Distinct("cuts", node => node.Text("a cut") is var cut && cut != Cut.Auto ? cut : throw node.Fault("the name of one cut, or last")) ?? [Cut.Last],
            Methods = Methods(root, shots),
            Scorers = root.Find("scorers")?.Distinct("scorers", node => ScorerCatalog.Find(node.OneOf("a scorer", [.. ScorerCatalog.Scorers.Select(scorer => scorer.Name)])), mayBeEmpty: true) ?? [],
            Seeds = root.Find("seeds")?.Distinct("whole numbers", node => node.Whole(int.MinValue)) ?? [1],
            SourcePerClass = root.Find("sourcePerClass")?.Whole(2),
            Shots = shots,
            Scaling = root.Find("scaling") is { } scaling ? Scalings[scaling.OneOf("a scaling", Scalings.Keys)] : FeatureScaling.Source,
            L2 = root.Find("l2") is { } l2 ? l2.Number("a number above 0") is > 0 and var strength ? strength : throw l2.Fault("a number above 0") : null,
        };
    }

    private static JsonDocument Parse(string file)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions
            {
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
                AllowDuplicateProperties = false,
            });
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new TransferException($"An experiment is a JSON file; '{file}' cannot be read as one: {error.Message} Correct the file or the path; docs/experiments.md has the format.", error);
        }
    }

    private static List<ExperimentDomain> Domains(FileNode node, string folder)
    {
        var domains = new List<ExperimentDomain>();
        foreach (var (name, domain) in node.Members())
        {
            if (name.Length == 0)
                throw node.Fault("an object whose members have names");
            domain.Members(["path", "test", "labels", "grey", "side"]);
            domains.Add(new ExperimentDomain(name, ExistingPath(domain.Require("path"), folder))
            {
                Test = domain.Find("test") is { } test ? ExistingPath(test, folder) : null,
                Labels = domain.Find("labels") is { } labels ? ExistingPath(labels, folder) : null,
                Grey = domain.Find("grey")?.Flag() ?? false,
                Side = domain.Find("side")?.Whole(1, 4096),
            });
        }
        return domains.Count > 1 ? domains : throw node.Fault("an object with 2 or more domains");
    }

    private static string ExistingPath(FileNode node, string folder)
    {
        var path = Path.Combine(folder, node.Text("a folder or a manifest"));
        return Path.Exists(path) ? path : throw node.Fault($"a folder with one sub-folder per class, or a manifest; there is nothing at '{path}'");
    }

    private static IReadOnlyList<(string Source, string Target)> Pairs(FileNode node, string[] names)
    {
        if (node.IsText(All))
            return [.. from source in names from target in names where source != target select (source, target)];
        if (node.IsText())
            throw node.Fault($"'{All}', or a list of pairs [source, target]");
        return node.Distinct("pairs", pair => pair.Items("two domains") is [var source, var target]
            && (source.OneOf("a domain", names), target.OneOf("a domain", names)) is var both && both.Item1 != both.Item2 ? both : throw pair.Fault("two different domains, [source, target]"));
    }

    private static IReadOnlyList<string> Classes(FileNode node)
    {
        var classes = node.Distinct("classes", item => item.Text("a class"));
        return classes.Count > 1 ? classes : throw node.Fault("a list of 2 or more classes");
    }

    /// <summary>A file beside the experiment comes before a name.</summary>
    private static string Backbone(FileNode node, string folder)
    {
        var name = node.Text("a name of 'backbones list', 'embedded', or an ONNX file");
        return Path.Combine(folder, name) is var file && File.Exists(file) ? file : name;
    }

    private static List<ExperimentMethod> Methods(FileNode root, int shots)
    {
        var methods = new List<ExperimentMethod> { new(new SourceOnly().Name, new SourceOnly()) };
        string[] names = [.. AdaptationCatalog.Methods.Select(method => method.Name)];
        if (root.Find("methods") is not { } node || node.IsText(All))
        {
            var excluded = root.Find("exclude")?.Distinct("methods", item => item.OneOf("a method", names), mayBeEmpty: true) ?? [];
            methods.AddRange(AdaptationCatalog.Methods.Where(method => method is not SourceOnly && !excluded.Contains(method.Name) && (shots > 0 || !method.NeedsShots))
                .Select(method => new ExperimentMethod(method.Name, method)));
            return methods;
        }
        if (root.Find("exclude") is { } exclude)
            throw exclude.Fault($"left out unless methods is '{All}'");
        if (node.IsText())
            throw node.Fault($"'{All}', or a list of methods");
        foreach (var item in node.Items("methods"))
        {
            var method = item.IsObject ? WithParameters(item, names) : AdaptationCatalog.Find(item.OneOf($"a method, or an object with a name and hyper-parameters", names));
            if (method.NeedsShots && shots == 0)
                throw item.Fault("a method that needs no labelled images of the target, unless 'shots' says how many of each class are drawn");
            var label = item.IsObject ? $"{method}" : method.Name;
            if (method is SourceOnly)
                continue;
            methods.Add(methods.TrueForAll(known => known.Label != label) ? new ExperimentMethod(label, method) : throw item.Fault("a method that is not there yet"));
        }
        return methods;
    }

    private static AdaptationMethod WithParameters(FileNode node, string[] names)
    {
        var type = AdaptationCatalog.Find(node.Require("name").OneOf("a method", names)).GetType();
        var parameters = type.GetProperties().Where(property => property.CanWrite).ToDictionary(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..]);
        var method = (AdaptationMethod)Activator.CreateInstance(type)!;
        foreach (var (name, value) in node.Members(["name", .. parameters.Keys]))
            if (name != "name")
                parameters[name].SetValue(method, Value(value, parameters[name]));
        return string.Join(' ', method.FaultsFound) is { Length: > 0 } faults ? throw node.Fault($"a method with hyper-parameters in their ranges ({faults})") : method;
    }

    private static object Value(FileNode node, PropertyInfo parameter) => parameter.PropertyType switch
    {
        var type when type == typeof(double) => node.Number(),
        var type when type == typeof(int) => node.Whole(int.MinValue),
        var type when type == typeof(bool) => node.Flag(),
        { IsEnum: true } type => Enum.Parse(type, node.OneOf("one of these", Enum.GetNames(type))),
        var type => throw node.Fault(string.Create(CultureInfo.InvariantCulture, $"left out: a {type.Name} cannot be given in a file")),
    };
}
