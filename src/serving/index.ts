export { onnx } from "./backends/onnx/onnx-runtime.ts";
export type { ExecutionProvider, OnnxOptions, ProviderChoice } from "./backends/onnx/onnx-options.ts";
export { tensorFlowJs } from "./backends/tensorflow-js/tensorflow-js-runtime.ts";
export type { TensorFlowJsOptions } from "./backends/tensorflow-js/tensorflow-js-options.ts";
export type { LlamaAnswer, LlamaEmbedding, LlamaEnd, LlamaPiece, LlamaText } from "./backends/llama/llama-messages.ts";
export type { LlamaItem, LlamaWish } from "./backends/llama/llama-question.ts";
export { llama, type LlamaRuntime } from "./backends/llama/llama-runtime.ts";
export type { LlamaOptions } from "./backends/llama/llama-options.ts";
export { python } from "./backends/python/python-runtime.ts";
export { type PythonOptions, type PythonPlace, pythonProblems } from "./backends/python/python-options.ts";
export { type PythonTrained, type PythonTraining, trainInPython } from "./backends/python/python-training.ts";
export { type GrpcOptions, type GrpcServer, startGrpc } from "./backends/grpc/start-grpc.ts";
export { openTelemetry } from "./backends/opentelemetry/open-telemetry.ts";
export { openInference, type OpenInferenceOptions } from "./backends/open-inference/open-inference-runtime.ts";
export type { RemoteOptions } from "./backends/remote/remote-options.ts";
export { tensorFlowServing, type TensorFlowServingOptions } from "./backends/tensorflow-serving/tensorflow-serving-runtime.ts";
export { torchServe } from "./backends/torchserve/torchserve-runtime.ts";
export type { Advice } from "./doctor/advice.ts";
export { examineModel, examineOnnxFile, examinePlace, type ModelReport } from "./doctor/examine-model.ts";
export type {
  Examination,
  ExamineOptions,
  FileContents,
  LanguageContents,
  TimedBatch,
  TimedThreads,
  TimedWriting,
} from "./engines/examination.ts";
export type { RowsFormat } from "./batch/file-records.ts";
export { type FilePrediction, type FileProgress, predictFile, type PredictFileOptions } from "./batch/predict-file.ts";
export { predictRows, type RowAnswer, type RowProblem, type RowsOptions } from "./batch/predict-rows.ts";
export type { RowServer } from "./batch/server-answerer.ts";
export { checkServing } from "./checks.ts";
export type { AskOptions, Batching, SequenceStep } from "./engines/engine.ts";
export type {
  Inspection,
  ItemRunner,
  Runner,
  RunOptions,
  RunResult,
  SequenceRun,
  Runtime,
  RuntimeVersion,
  TensorRunner,
} from "./engines/runtime.ts";
export type { SpanAttributes, SpanOptions, Tracer, TraceSpan } from "./engines/trace-span.ts";
export type { BatchStatistics, Tally, VersionStatistics } from "./engines/statistics.ts";
export { servingErrors } from "./errors.ts";
export {
  type BatchOptions,
  type Handler,
  handler,
  type HandlerOptions,
  isHandler,
  type PredictOptions,
  type QueueOptions,
  type ResponseCacheOptions,
  type SequenceOptions,
  type Step,
  type StepFunctions,
  type Steps,
  type StreamContext,
  type TensorMap,
} from "./handlers/handler.ts";
export { type LimitName, possibleInstead } from "./handlers/demand-sound.ts";
export { pipeline, type PipelineOptions } from "./handlers/pipeline.ts";
export type { StandardSchema } from "#validation";
export type { AnswerOf, ItemOf, ModelTypes } from "./handlers/model-types.ts";
export type { TokenChance } from "./engines/token-chance.ts";
export type { Task } from "./engines/task.ts";
export type { ItemTrainer, Trainer, VersionContext } from "./handlers/trainer.ts";
export type { GoldenAnswer } from "./handlers/golden-answer.ts";
export type { HostSettings, QuarantineSettings } from "./hosts/host-settings.ts";
export { declareModels } from "./models/declare-models.ts";
export { describeOnnx } from "./models/describe-onnx.ts";
export type { IndexEntry, ModelGlance, ModelInfo, VersionInfo, VersionState } from "./models/model-info.ts";
export type { PredictionEvent, PredictionObserver, PredictionTally } from "./models/prediction-event.ts";
export type { LimitDefaults, Limits } from "./engines/limits.ts";
export type { LoadingOptions } from "./models/loading-options.ts";
export type { RequestHeaders } from "./aliases/pick-canary.ts";
export type { ShadowStatistics } from "./aliases/shadow-comparison.ts";
export type { VersionPolicy } from "./models/version-policy.ts";
export { ModelServer, type ModelServerOptions } from "./models/model-server.ts";
export type { Prediction } from "./models/prediction.ts";
export type { PredictionStream } from "./models/prediction-stream.ts";
export {
  allowedModel,
  type Authorizer,
  authorizerOf,
  type Caller,
  type ModelAction,
  type ModelParams,
  type ProtocolOptions,
  publicOnly,
} from "./protocols/access.ts";
export type { PayloadRecord, PayloadSettings } from "./operations/payload-settings.ts";
export { metricsUrls } from "./protocols/metrics-urls.ts";
export { asHttpError } from "./protocols/http-status.ts";
export { healthUrls } from "./protocols/health-urls.ts";
export type { MethodViews } from "./protocols/method-views.ts";
export { modelUrls, type ModelUrlsOptions } from "./protocols/model-urls.ts";
export { openInferenceUrls } from "./protocols/open-inference/open-inference-urls.ts";
export { mlflowUrls } from "./protocols/mlflow/mlflow-urls.ts";
export type { ChatItem, ChatMessage, ChatPart } from "./protocols/openai/chat-item.ts";
export type { CompletionItem } from "./protocols/openai/completion-item.ts";
export type { SamplingItem } from "./protocols/openai/sampling-item.ts";
export type { ChatAnswer, FinishReason, TokenUsage } from "./protocols/openai/chat-piece.ts";
export type { EmbeddingAnswer } from "./protocols/openai/embeddings-view.ts";
export type { RerankItem } from "./protocols/openai/rerank-item.ts";
export type { RerankAnswer } from "./protocols/openai/rerank-view.ts";
export { openaiUrls } from "./protocols/openai/openai-urls.ts";
export {
  type GrpcSettings,
  type ProtocolName,
  protocolNames,
  protocolUrls,
  type ServingSettings,
} from "./protocols/protocol-urls.ts";
export { tensorFlowServingUrls } from "./protocols/tensorflow-serving/tensorflow-serving-urls.ts";
export { torchServeUrls } from "./protocols/torchserve/torchserve-urls.ts";
export { type AliasStore, type AliasTable, type AliasUpdate, DiskAliasStore, MemoryAliasStore } from "./aliases/alias-store.ts";
export type { AliasChange, AliasRecord, AliasTarget, Canary, Shadow } from "./aliases/alias-target.ts";
export { DiskRepository, SourceRepository } from "./repositories/disk-repository.ts";
export { type Manifest, type ManifestContent, readManifest, verifyManifest, writeManifest } from "./repositories/manifest.ts";
export type { ModelRepository, VersionSource } from "./repositories/model-repository.ts";
export { openSource, type OpenSourceOptions } from "./repositories/open-source.ts";
export type { SourceSettings } from "./repositories/source-settings.ts";
export { isModelName, isVersionName } from "./repositories/names.ts";
export { shownSource } from "./repositories/source-address.ts";
export { openPlaces, type PlacesOptions } from "./serve/open-places.ts";
export { overlookedFolders } from "./serve/overlooked-folders.ts";
export { defaultModelCache } from "./serve/served-places.ts";
export { type ServedDirectory, serveDirectory } from "./serve/serve-directory.ts";
export type { ServedPages, ServeOptions } from "./serve/serve-options.ts";
export { pullModels, type PulledVersion, type PullOptions } from "./transfer/pull-models.ts";
export { type PushedVersion, type PushOptions, pushVersion } from "./transfer/push-version.ts";
export type { Datatype, DatatypeName, TensorData } from "./tensors/datatypes.ts";
export type { Signature, TensorSpec } from "./tensors/signature.ts";
export { type Nested, Tensor, tensor, type Tensors } from "./tensors/tensor.ts";
export { jsonSafe } from "./tensors/write-json.ts";
export { isModelFile } from "./repositories/version-folders.ts";
