/// The scripts that turn downloaded models into bundles, carried inside the executable.
///
/// An installed `rkvoice` has no source tree: it writes these files to a private folder and runs them there, in a
/// virtual environment made from `requirements.txt`.
package enum ModelPrep {
    /// Contents by path relative to the folder in which the scripts run, such as `whisper/convert.py`.
    ///
    /// Paths matter: a script finds its modules beside and above itself.
    package static let files: [String: [UInt8]] = [
        "requirements.txt": PackageResources.requirements_txt,
        "common/onnx_stream.py": PackageResources.onnx_stream_py,
        "common/preparation.py": PackageResources.preparation_py,
        "common/rknn_placement.py": PackageResources.rknn_placement_py,
        "piper/onnx_surgery.py": PackageResources.onnx_surgery_py,
        "piper/planes.py": PackageResources.planes_py,
        "piper/split.py": PackageResources.split_py,
        "piper/vits_parts.py": PackageResources.vits_parts_py,
        "whisper/convert.py": PackageResources.convert_py,
        "whisper/ct2_model.py": PackageResources.ct2_model_py,
        "whisper/onnx_graph.py": PackageResources.onnx_graph_py,
        "whisper/whisper_graphs.py": PackageResources.whisper_graphs_py,
        "whisper/whisper_tokens.py": PackageResources.whisper_tokens_py,
    ]
}
