"""What the Rasa components that learn a model have in common."""

from __future__ import annotations

from typing import Any, ClassVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

from assistant.linear_model import LinearModel
from assistant.network import Networks

Model = LinearModel | Networks


class Classifier(GraphComponent):
    """Makes, loads and keeps the model; what is learned and asked is each component's own."""

    FILE: ClassVar[str]
    MODEL: ClassVar[type[LinearModel] | type[Networks]] = LinearModel

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: Model | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Classifier:
        """Make an untrained component (Rasa calls this before training)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Classifier:
        """Read the trained component (Rasa calls this when it starts)."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, cls.MODEL.load(folder / cls.FILE))

    def keep(self, model: Model) -> Resource:
        """Keep what was learned."""
        self._model = model
        with self._storage.write_to(self._resource) as folder:
            model.save(folder / self.FILE)
        return self._resource

    def model(self) -> Model:
        """What was learned.

        Raises:
            RuntimeError: nothing was yet.
        """
        if self._model is None:
            raise RuntimeError(f"{type(self).__name__} was used before it was trained.")
        return self._model
